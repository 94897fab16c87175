/** What is asked once a conversation is closed: was it solved, how was it, and why. */

import type { JSX } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Question } from "../protocol";
import type { State } from "../state";
import { useTools } from "./context";
import { Face } from "./Icons";

const SCORES = [1, 2, 3, 4, 5] as const;

export function Survey({ state }: { state: State }): JSX.Element | null {
  const { survey } = state.conversation;
  if (!survey) {
    return null;
  }
  return (
    <div class="survey" data-question={survey}>
      {!asked(state, survey) && <Words question={survey} />}
      {survey === "resolution" && <Resolution waiting={state.answering} />}
      {survey === "csat_score" && <Faces waiting={state.answering} />}
      {survey === "csat_comment" && <Comment waiting={state.answering} />}
    </div>
  );
}

/** Whether the assistant put the question in words of its own. */
function asked(state: State, question: Question): boolean {
  const latest = state.messages.filter((message) => message.sender === "ai_agent").pop();
  return latest?.survey === question;
}

function questionKey(question: Question): "resolution_question" | "csat_question" | "comment_question" {
  return question === "resolution" ? "resolution_question" : question === "csat_score" ? "csat_question" : "comment_question";
}

function Words({ question }: { question: Question }): JSX.Element {
  const { speaker } = useTools();
  return <p class="question">{speaker.say(questionKey(question))}</p>;
}

function Resolution({ waiting }: { waiting: boolean }): JSX.Element {
  const { speaker, connection } = useTools();
  return (
    <div class="yes-no" role="group" aria-label={speaker.say("resolution_question")}>
      {(["yes", "no"] as const).map((answer) => (
        <button key={answer} type="button" class="reply" disabled={waiting} onClick={() => connection.answer("resolution", answer)}>
          {speaker.say(answer)}
        </button>
      ))}
    </div>
  );
}

function Faces({ waiting }: { waiting: boolean }): JSX.Element {
  const { speaker, connection } = useTools();
  const [chosen, setChosen] = useState(0);
  const group = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent, score: number) => {
    const towardsEnd = speaker.direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const towardsStart = speaker.direction === "rtl" ? "ArrowRight" : "ArrowLeft";
    const step = { [towardsEnd]: 1, ArrowDown: 1, [towardsStart]: -1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      const next = ((score - 1 + step + 5) % 5) + 1;
      setChosen(next);
      group.current?.querySelector<HTMLElement>(`[data-score="${next}"]`)?.focus();
    }
  };
  const rate = (score: number) => {
    setChosen(score);
    connection.answer("csat_score", score);
  };
  return (
    <div ref={group} class={`faces${chosen ? " chosen" : ""}`} role="radiogroup" aria-label={speaker.say("csat_question")}>
      {SCORES.map((score) => (
        <button
          key={score}
          type="button"
          role="radio"
          class="rate"
          data-score={score}
          aria-checked={chosen === score}
          aria-disabled={waiting}
          tabIndex={chosen === score || (chosen === 0 && score === 1) ? 0 : -1}
          onKeyDown={(event) => move(event, score)}
          onClick={() => !waiting && rate(score)}
        >
          <Face score={score} />
          <span>{speaker.say(`csat_${score}`)}</span>
        </button>
      ))}
    </div>
  );
}

function Comment({ waiting }: { waiting: boolean }): JSX.Element {
  const { speaker, connection } = useTools();
  const [text, setText] = useState("");
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    // The face that had the focus is gone.
    const root = field.current?.getRootNode() as ShadowRoot | undefined;
    if (root && root.host?.ownerDocument.activeElement === root.host && !root.activeElement) {
      field.current?.focus();
    }
  }, []);
  const send = (event: Event) => {
    event.preventDefault();
    if (text.trim() && !waiting) {
      connection.answer("csat_comment", text.trim());
    }
  };
  return (
    <form class="comment" onSubmit={send}>
      <textarea
        ref={field}
        rows={3}
        maxLength={1000}
        dir="auto"
        aria-label={speaker.say("comment")}
        placeholder={speaker.say("comment_placeholder")}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <div class="comment-buttons">
        <button type="button" class="quiet" disabled={waiting} onClick={() => connection.answer("csat_comment", null)}>
          {speaker.say("skip")}
        </button>
        <button type="submit" class="solid" disabled={waiting || !text.trim()}>
          {speaker.say("send")}
        </button>
      </div>
    </form>
  );
}
