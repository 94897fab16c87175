/** Where the person writes. */

import type { JSX, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { LONGEST } from "../protocol";
import { useTools } from "./context";
import { SendIcon } from "./Icons";

/** From here on the person is told how much room is left, characters. */
const NEARLY = 200;
/** How often the human on the other side hears that somebody types, milliseconds. */
const TELL_EVERY = 3000;

interface ComposerProps {
  field: RefObject<HTMLTextAreaElement>;
  tellTyping: boolean;
}

export function Composer({ field, tellTyping }: ComposerProps): JSX.Element {
  const { speaker, connection } = useTools();
  const [text, setText] = useState("");
  const typing = useTyping(tellTyping);
  const left = LONGEST - [...text].length;
  const sendable = text.trim() !== "" && left >= 0;
  useLayoutEffect(() => grow(field.current), [text]);
  const send = (event: Event) => {
    event.preventDefault();
    if (sendable) {
      connection.say(text.trim());
      setText("");
      typing(false);
      field.current?.focus();
    }
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      send(event);
    }
  };
  return (
    <form class="composer" onSubmit={send}>
      {left <= NEARLY && (
        <div class={`room${left < 0 ? " over" : ""}`} role="status">
          {left < 0 ? speaker.say("too_long", { count: -left }) : speaker.say("characters_left", { count: left })}
        </div>
      )}
      <div class="field">
        <textarea
          ref={field}
          rows={1}
          dir={text ? "auto" : undefined}
          aria-label={speaker.say("composer")}
          placeholder={speaker.say("placeholder")}
          value={text}
          enterkeyhint="send"
          onInput={(event) => {
            setText(event.currentTarget.value);
            typing(event.currentTarget.value !== "");
          }}
          onKeyDown={onKey}
        />
        <button type="submit" class="send" aria-label={speaker.say("send")} title={speaker.say("send")} disabled={!sendable}>
          <SendIcon />
        </button>
      </div>
    </form>
  );
}

function grow(field: HTMLTextAreaElement | null): void {
  if (field) {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 140)}px`;
  }
}

/** Tells the other side, now and then, that the person is typing. */
function useTyping(wanted: boolean): (on: boolean) => void {
  const { connection } = useTools();
  const told = useRef(0);
  const tell = (on: boolean) => {
    const now = Date.now();
    if (on ? wanted && now - told.current > TELL_EVERY : told.current > 0) {
      told.current = on ? now : 0;
      connection.typing(on);
    }
  };
  useEffect(() => () => tell(false), []);
  return tell;
}
