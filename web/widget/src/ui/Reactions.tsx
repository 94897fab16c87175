/** An emoji on a message of the business. */

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Message } from "../protocol";
import { useTools } from "./context";
import { SmileIcon } from "./Icons";

export const EMOJI = ["👍", "❤️", "😂", "😮", "😢", "👎"];

export function Reactions({ message }: { message: Message }): JSX.Element {
  const { speaker, connection } = useTools();
  const [choosing, setChoosing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const choose = (emoji: string | null) => {
    setChoosing(false);
    connection.react(message.id, emoji);
    button.current?.focus();
  };
  if (message.reaction) {
    const label = speaker.say("remove_reaction", { emoji: message.reaction });
    return (
      <div class="reactions reacted">
        <button ref={button} type="button" class="reaction" aria-label={label} title={label} onClick={() => choose(null)}>
          {message.reaction}
        </button>
      </div>
    );
  }
  return (
    <div class="reactions">
      <button
        ref={button}
        type="button"
        class="react"
        aria-label={speaker.say("react")}
        title={speaker.say("react")}
        aria-expanded={choosing}
        onClick={() => setChoosing(!choosing)}
      >
        <SmileIcon />
      </button>
      {choosing && <Choice choose={choose} leave={() => setChoosing(false)} back={button} />}
    </div>
  );
}

interface ChoiceProps {
  choose: (emoji: string) => void;
  leave: () => void;
  back: { current: HTMLButtonElement | null };
}

function Choice({ choose, leave, back }: ChoiceProps): JSX.Element {
  const { speaker } = useTools();
  const box = useRef<HTMLDivElement>(null);
  // Not after the next paint: a key pressed before it would go to the button behind.
  useLayoutEffect(() => box.current?.querySelector("button")?.focus(), []);
  const onKey = (event: KeyboardEvent) => {
    const buttons = [...(box.current?.querySelectorAll("button") ?? [])];
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "Escape") {
      event.stopPropagation();
      leave();
      back.current?.focus();
    } else if (step) {
      event.preventDefault();
      const way = speaker.direction === "rtl" ? -step : step;
      buttons[(at + way + buttons.length) % buttons.length]?.focus();
    }
  };
  const onBlur = (event: FocusEvent) => {
    const to = event.relatedTarget as Node | null;
    if (to && !box.current?.contains(to) && to !== back.current) {
      leave();
    }
  };
  return (
    <div ref={box} class="choice" role="group" aria-label={speaker.say("reactions")} onKeyDown={onKey} onFocusOut={onBlur}>
      {EMOJI.map((emoji) => (
        <button key={emoji} type="button" onClick={() => choose(emoji)}>
          {emoji}
        </button>
      ))}
    </div>
  );
}
