/** The open messenger. */

import type { JSX, RefObject } from "preact";
import type { State } from "../state";
import type { Speaker } from "../words";
import { Avatar } from "./Bubble";
import { Composer } from "./Composer";
import { useTools } from "./context";
import { AlertIcon, CloseIcon } from "./Icons";
import { Log } from "./Log";

interface PanelProps {
  state: State;
  field: RefObject<HTMLTextAreaElement>;
  panel: RefObject<HTMLDivElement>;
}

export function Panel({ state, field, panel }: PanelProps): JSX.Element {
  const { title } = useTools();
  return (
    <div ref={panel} id="panel" class="panel" role="dialog" aria-label={title} tabIndex={-1}>
      <Header state={state} />
      <Banner state={state} />
      <Log state={state} />
      <Footer state={state} field={field} />
    </div>
  );
}

function Header({ state }: { state: State }): JSX.Element {
  const { speaker, title, close } = useTools();
  const { handed_over, human_name, status } = state.conversation;
  const human = handed_over && status === "open" ? human_name : null;
  return (
    <header class="header">
      <Avatar human={human !== null} name={human ?? ""} />
      <div class="heading-words">
        {/* The name in its own direction, but on the side where this language begins. */}
        <h2>
          <bdi>{human ?? title}</bdi>
        </h2>
        <p class={`status ${isOver(state) ? "over" : state.link}`}>{statusWords(speaker, state)}</p>
      </div>
      <button type="button" class="icon-button" aria-label={speaker.say("close")} title={speaker.say("close")} onClick={close}>
        <CloseIcon size={22} />
      </button>
    </header>
  );
}

/** Whether the conversation is closed, and nothing else has to be said of the connection. */
function isOver(state: State): boolean {
  return state.link === "online" && state.loaded && state.conversation.status === "closed" && !state.startingNew;
}

function statusWords(speaker: Speaker, state: State): string {
  const { handed_over, human_name, status } = state.conversation;
  if (state.link === "away" || state.link === "refused") {
    return speaker.say("status_offline");
  }
  if (!state.loaded) {
    return speaker.say("status_connecting");
  }
  if (status === "closed" && !state.startingNew) {
    return speaker.say("status_closed");
  }
  if (handed_over && status === "open") {
    return speaker.say(human_name ? "status_human" : "status_waiting");
  }
  return speaker.say("status_assistant");
}

/** What is wrong, if something is. */
function Banner({ state }: { state: State }): JSX.Element {
  const { speaker, connection, store } = useTools();
  const away = state.link === "away";
  const refused = state.link === "refused";
  const trouble = state.trouble !== null;
  return (
    <div role="status" class="banners">
      {(away || refused) && (
        <div class="banner">
          <AlertIcon />
          <span>{refused ? speaker.say("refused") : speaker.say("offline")}</span>
          {away && (
            <button type="button" onClick={connection.now}>
              {speaker.say("try_now")}
            </button>
          )}
        </div>
      )}
      {trouble && (
        <div class="banner trouble">
          <AlertIcon />
          <span dir="auto">{state.trouble || speaker.say("trouble")}</span>
          <button
            type="button"
            aria-label={speaker.say("dismiss")}
            onClick={() => store.dispatch({ type: "trouble", text: null })}
          >
            <CloseIcon size={16} />
          </button>
        </div>
      )}
    </div>
  );
}

/** Room to write; after the end of a conversation, the way to a new one. */
function Footer({ state, field }: { state: State; field: RefObject<HTMLTextAreaElement> }): JSX.Element {
  const { speaker, store } = useTools();
  const start = () => {
    store.dispatch({ type: "start_new" });
    requestAnimationFrame(() => field.current?.focus());
  };
  if (state.conversation.status === "closed" && !state.startingNew && state.outbox.length === 0) {
    return (
      <div class="footer closed">
        <span>{speaker.say("closed")}</span>
        <button type="button" class="solid" onClick={start}>
          {speaker.say("start_new")}
        </button>
      </div>
    );
  }
  return (
    <div class="footer">
      <Composer field={field} tellTyping={state.conversation.handed_over} />
    </div>
  );
}
