/** The conversation so far: keeps its place, brings in what is older, says what was shown. */

import type { JSX } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { State } from "../state";
import { newestFromBusiness, timeline, type Item } from "../timeline";
import { Avatar, Bubble, OutgoingBubble } from "./Bubble";
import { useTools } from "./context";
import { DownIcon } from "./Icons";
import { Survey } from "./Survey";

/** This close to its end the log follows what is new, pixels. */
const NEAR = 60;

export function Log({ state }: { state: State }): JSX.Element {
  const { speaker, connection } = useTools();
  const box = useRef<HTMLDivElement>(null);
  const items = useMemo(() => timeline(state), [state.messages, state.outbox, state.conversation]);
  const { atEnd, onScroll, toEnd } = usePlace(box, state, () => void connection.older());
  useShown(state, atEnd);
  return (
    <div class="log-frame">
      <div
        ref={box}
        class="log"
        role="log"
        aria-live="polite"
        aria-relevant="additions"
        aria-label={speaker.say("log")}
        aria-busy={state.loadingOlder || !state.loaded}
        tabIndex={0}
        onScroll={onScroll}
      >
        <div class="log-inside">
          {state.loadingOlder && <div class="notice">{speaker.say("loading_older")}</div>}
          {state.loaded && items.length === 0 && <Empty state={state} />}
          {!state.loaded && state.link !== "refused" && <Skeleton />}
          {items.map((item) => (
            <ItemView key={item.key} item={item} />
          ))}
          {state.typing && <Typing state={state} />}
          <Survey state={state} />
        </div>
      </div>
      {!atEnd && (
        <button type="button" class="to-latest" aria-label={speaker.say("to_latest")} title={speaker.say("to_latest")} onClick={toEnd}>
          <DownIcon size={20} />
        </button>
      )}
    </div>
  );
}

function ItemView({ item }: { item: Item }): JSX.Element {
  const { speaker } = useTools();
  switch (item.kind) {
    case "message":
      return <Bubble item={item} />;
    case "outgoing":
      return <OutgoingBubble outgoing={item.outgoing} />;
    case "day":
      return <div class="divider">{speaker.day(item.at)}</div>;
    case "new_conversation":
      return <div class="divider">{speaker.say("new_conversation")}</div>;
    case "joined":
      return (
        <div class="notice" dir="auto">
          {item.name ? speaker.say("joined", { name: item.name }) : speaker.say("joined_somebody")}
        </div>
      );
    default:
      return <div class="notice">{speaker.say("assistant_back")}</div>;
  }
}

function Empty({ state }: { state: State }): JSX.Element {
  const { speaker } = useTools();
  const name = state.recipient.nickname;
  return (
    <div class="empty">
      <Avatar human={false} name="" />
      <h3 dir="auto">{name ? speaker.say("empty_named", { name }) : speaker.say("empty_title")}</h3>
      <p>{speaker.say("empty_text")}</p>
    </div>
  );
}

function Skeleton(): JSX.Element {
  return (
    <div class="skeleton" aria-hidden="true">
      <span />
      <span />
      <span />
    </div>
  );
}

function Typing({ state }: { state: State }): JSX.Element {
  const { speaker } = useTools();
  const human = state.typing?.sender === "human_agent";
  const name = state.typing?.name || speaker.say(human ? "human" : "assistant");
  return (
    <div class="row theirs first last typing">
      <Avatar human={human} name={name} />
      <div class="bubble" role="img" aria-label={speaker.say("typing", { name })}>
        <i />
        <i />
        <i />
      </div>
    </div>
  );
}

interface Place {
  atEnd: boolean;
  onScroll: () => void;
  toEnd: () => void;
}

/** Stays at the end until the person moves away from it, and then where it was, also when older messages come in above. */
function usePlace(box: { current: HTMLDivElement | null }, state: State, older: () => void): Place {
  const [atEnd, setAtEnd] = useState(true);
  const pinned = useRef(true);
  // As we last left it, or saw the person leave it.
  const last = useRef({ top: 0, height: 0, room: 0 });
  const oldest = useRef("");
  const note = () => {
    const { scrollTop: top, scrollHeight: height, clientHeight: room } = box.current as HTMLDivElement;
    last.current = { top, height, room };
  };
  const pin = (on: boolean) => {
    pinned.current = on;
    setAtEnd(on);
  };
  const toEnd = () => {
    const log = box.current;
    if (log) {
      log.scrollTop = log.scrollHeight;
      pin(true);
      note();
    }
  };
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current as HTMLDivElement;
    const { top, height, room } = last.current;
    const near = scrollHeight - scrollTop - clientHeight < NEAR;
    // Only a person moves up while nothing changes its size. All else is what was said, drawn or opened around it.
    const left = scrollTop < top && scrollHeight === height && clientHeight === room;
    if (pinned.current && !near && !left) {
      toEnd();
      return;
    }
    pin(near);
    note();
    if (scrollTop < 120) {
      older();
    }
  };
  // After every drawing, not only of what is known to matter: a survey, a notice, somebody typing.
  useLayoutEffect(() => {
    const log = box.current as HTMLDivElement;
    const { top, height } = last.current;
    const first = state.messages[0]?.id ?? "";
    if (pinned.current) {
      toEnd();
    } else if (first !== oldest.current) {
      log.scrollTop = top + Math.max(0, log.scrollHeight - height);
      note();
    }
    oldest.current = first;
  });
  useLayoutEffect(() => {
    // What the person says themselves is always shown.
    toEnd();
  }, [state.outbox.length, state.loaded]);
  useEffect(() => {
    // And after what no drawing tells of: pictures, fonts, a keyboard, another window.
    const observer = new ResizeObserver(() => (pinned.current ? toEnd() : note()));
    for (const element of [box.current, box.current?.firstElementChild]) {
      element && observer.observe(element);
    }
    return () => observer.disconnect();
  }, []);
  return { atEnd, onScroll, toEnd };
}

/** Tells the server what is in view; what came to a page in the background nobody has seen. */
function useShown(state: State, atEnd: boolean): void {
  const { connection } = useTools();
  useEffect(() => {
    const tell = () => {
      const newest = newestFromBusiness(state.messages);
      if (newest && atEnd && state.link === "online" && document.visibilityState === "visible") {
        connection.showed(newest);
      }
    };
    tell();
    document.addEventListener("visibilitychange", tell);
    return () => document.removeEventListener("visibilitychange", tell);
  }, [state.messages, state.link, atEnd]);
}
