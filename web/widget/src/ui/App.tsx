/** The whole widget: launcher, preview, panel. */

import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { State } from "../state";
import { preview, repliesTo } from "../timeline";
import { Context, useStore, useTools, type Tools } from "./context";
import { ChatIcon, DownIcon } from "./Icons";
import { Panel } from "./Panel";
import { Preview } from "./Preview";

export function App(tools: Tools): JSX.Element {
  const { store, speaker, close } = tools;
  const state = useStore(store);
  const launcher = useRef<HTMLButtonElement>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const waiting = preview(state);
  useFocus(tools, { launcher, field, panel });
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Escape" && state.open && !event.defaultPrevented) {
      close();
    }
  };
  return (
    <Context.Provider value={tools}>
      <div class="widget" dir={speaker.direction} lang={speaker.locale} data-open={state.open} onKeyDown={onKey}>
        {state.open && <Panel state={state} field={field} panel={panel} />}
        {waiting && <Preview message={waiting} replies={repliesTo(state, waiting)} />}
        <Launcher state={state} button={launcher} />
        <div class="hidden" role="status">
          {!state.open && state.unread > 0 ? speaker.say("unread", { count: state.unread }) : ""}
        </div>
      </div>
    </Context.Provider>
  );
}

function Launcher({ state, button }: { state: State; button: { current: HTMLButtonElement | null } }): JSX.Element {
  const { speaker, open, close } = useTools();
  const unread = state.open ? 0 : state.unread;
  const words = speaker.say(state.open ? "launcher_close" : "launcher_open");
  return (
    <button
      ref={button}
      type="button"
      class="launcher"
      aria-label={unread ? `${words}, ${speaker.say("unread", { count: unread })}` : words}
      aria-expanded={state.open}
      aria-controls={state.open ? "panel" : undefined}
      onClick={state.open ? close : open}
    >
      {state.open ? <DownIcon size={28} /> : <ChatIcon />}
      {unread > 0 && <span class="badge" data-count={unread > 99 ? "99+" : unread} />}
    </button>
  );
}

interface Places {
  launcher: { current: HTMLElement | null };
  field: { current: HTMLElement | null };
  panel: { current: HTMLElement | null };
}

/** Opening leads to where one writes, closing back to the launcher. A page that loads with it open keeps its focus. */
function useFocus({ store }: Tools, { launcher, field, panel }: Places): void {
  useEffect(
    () =>
      store.subscribe((_, action) => {
        if (action.type === "opened") {
          // On a phone the keyboard would cover what there is to read.
          const touch = window.matchMedia("(pointer: coarse)").matches;
          requestAnimationFrame(() => (touch ? panel : field.current ? field : panel).current?.focus());
        } else if (action.type === "closed" && panel.current?.matches(":focus-within")) {
          requestAnimationFrame(() => launcher.current?.focus());
        }
      }),
    [store],
  );
}
