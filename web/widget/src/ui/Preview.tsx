/** What was said last, shown beside the launcher while the panel is closed. */

import type { JSX } from "preact";
import type { Message, SuggestedReply } from "../protocol";
import { Avatar, speakerName, summary } from "./Bubble";
import { useTools } from "./context";
import { CloseIcon } from "./Icons";

/** More would hide the page. */
const REPLIES = 3;

export function Preview({ message, replies: all }: { message: Message; replies: SuggestedReply[] }): JSX.Element {
  const { speaker, store, connection, open } = useTools();
  const name = speakerName(speaker, message);
  const replies = all.slice(0, REPLIES);
  const answer = (title: string, payload?: string | null) => {
    open();
    connection.say(payload || title, title);
  };
  return (
    <section class="preview" aria-label={speaker.say("preview", { name })}>
      <button type="button" class="preview-card" onClick={open}>
        <Avatar human={message.sender === "human_agent"} name={name} />
        <span class="preview-words">
          <span class="name">
            <bdi>{name}</bdi>
          </span>
          <span class="preview-text" dir="auto">
            {summary(speaker, message)}
          </span>
        </span>
      </button>
      <button
        type="button"
        class="preview-close"
        aria-label={speaker.say("dismiss")}
        title={speaker.say("dismiss")}
        onClick={() => store.dispatch({ type: "dismissed", id: message.id })}
      >
        <CloseIcon size={14} />
      </button>
      {replies.length > 0 && (
        <div class="replies" role="group" aria-label={speaker.say("replies")}>
          {replies.map((reply, index) => (
            <button key={index} type="button" class="reply" dir="auto" onClick={() => answer(reply.title, reply.payload)}>
              {reply.title}
            </button>
          ))}
        </div>
      )}
    </section>
  );
}
