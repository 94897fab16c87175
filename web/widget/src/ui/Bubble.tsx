/** One message in the log. */

import type { JSX } from "preact";
import { oneLine } from "@shared/markdown";
import { safeUrl } from "@shared/links";
import type { Message, SuggestedReply } from "../protocol";
import type { Outgoing } from "../state";
import type { MessageItem } from "../timeline";
import type { Speaker } from "../words";
import { useTools } from "./context";
import { AlertIcon, Face, OutIcon, SparkIcon } from "./Icons";
import { Media } from "./Media";
import { Reactions } from "./Reactions";
import { OutsideLink, Rich, Typed } from "./Rich";

export function speakerName(speaker: Speaker, message: Pick<Message, "sender" | "name">): string {
  return message.name || speaker.say(message.sender === "human_agent" ? "human" : "assistant");
}

export function Avatar({ human, name }: { human: boolean; name: string }): JSX.Element {
  return (
    <span class={`avatar${human ? " human" : ""}`} aria-hidden="true">
      {human ? [...name.trim()][0]?.toLocaleUpperCase() : <SparkIcon />}
    </span>
  );
}

export function Bubble({ item }: { item: MessageItem }): JSX.Element {
  const { message } = item;
  return message.sender === "recipient" ? <Own item={item} /> : <Theirs item={item} />;
}

function Theirs({ item }: { item: MessageItem }): JSX.Element {
  const { speaker } = useTools();
  const { message, first, last } = item;
  const name = speakerName(speaker, message);
  return (
    <div class={`row theirs${first ? " first" : ""}${last ? " last" : ""}`} data-id={message.id} data-sender={message.sender}>
      {last ? <Avatar human={message.sender === "human_agent"} name={name} /> : <span class="avatar-space" />}
      <div class="column">
        <span class={first ? "name" : "hidden"} dir="auto">
          {name}
        </span>
        {message.text && (
          <div class="with-reaction">
            <div class="bubble" dir="auto">
              {message.format === "plain" ? <Typed text={message.text} /> : <Rich text={message.text} literal={message.literal} />}
            </div>
            <Reactions message={message} />
          </div>
        )}
        <Media message={message} />
        {!message.text && message.attachments.length > 0 && <Reactions message={message} />}
        <Links links={item.links} />
        <Replies replies={item.replies} />
        {last && <Time at={message.at} />}
      </div>
    </div>
  );
}

function Own({ item }: { item: MessageItem }): JSX.Element {
  const { speaker } = useTools();
  const { message, first, last } = item;
  const score = message.survey === "csat_score" ? Number(message.text) : 0;
  return (
    <div class={`row own${first ? " first" : ""}${last ? " last" : ""}`} data-id={message.id} data-sender="recipient">
      <div class="column">
        <span class="hidden">{speaker.say("you")}</span>
        {score >= 1 && score <= 5 ? (
          <Rated score={score} />
        ) : (
          message.text && (
            <div class="bubble" dir="auto">
              <Typed text={ownWords(speaker, message)} />
            </div>
          )
        )}
        <Media message={message} />
        {last && <Time at={message.at} />}
      </div>
    </div>
  );
}

/** An answer given by a button, in the words of that button. */
function ownWords(speaker: Speaker, message: Message): string {
  const answer = message.survey === "resolution" && (["yes", "no"] as const).find((one) => one === message.text);
  return answer ? speaker.say(answer) : message.text;
}

function Rated({ score }: { score: number }): JSX.Element {
  const { speaker } = useTools();
  const rating = speaker.say(`csat_${score as 1 | 2 | 3 | 4 | 5}`);
  return (
    <div class="rated" role="img" aria-label={speaker.say("rated", { rating })}>
      <Face score={score} size={28} />
      <span aria-hidden="true">{rating}</span>
    </div>
  );
}

/** A message of the person's own that is still on its way. */
export function OutgoingBubble({ outgoing }: { outgoing: Outgoing }): JSX.Element {
  const { speaker, connection } = useTools();
  const failed = outgoing.status === "failed";
  return (
    <div class={`row own first last outgoing ${outgoing.status}`} data-client-id={outgoing.clientId}>
      <div class="column">
        <span class="hidden">{speaker.say("you")}</span>
        <div class="bubble" dir="auto">
          <Typed text={outgoing.title ?? outgoing.message} />
        </div>
        {failed ? (
          <div class="failure">
            <AlertIcon />
            <span dir="auto">{outgoing.problem || speaker.say("failed")}</span>
            <button type="button" onClick={() => connection.outbox.retry(outgoing.clientId)}>
              {speaker.say("retry")}
            </button>
          </div>
        ) : (
          <div class="time">{speaker.say("sending")}</div>
        )}
      </div>
    </div>
  );
}

function Links({ links }: { links: SuggestedReply[] }): JSX.Element | null {
  if (links.length === 0) {
    return null;
  }
  return (
    <div class="links">
      {links.map((link, index) => {
        const url = safeUrl(link.url);
        return url ? (
          <OutsideLink key={index} class="link-button" url={url}>
            <span dir="auto">{link.title}</span>
            <OutIcon />
          </OutsideLink>
        ) : (
          <p key={index} class="attachment-text" dir="auto">
            {link.title}: {link.url}
          </p>
        );
      })}
    </div>
  );
}

export function Replies({ replies }: { replies: SuggestedReply[] }): JSX.Element | null {
  const { speaker, connection } = useTools();
  if (replies.length === 0) {
    return null;
  }
  const answer = (event: MouseEvent, reply: SuggestedReply) => {
    const root = (event.currentTarget as HTMLElement).getRootNode() as ShadowRoot;
    connection.say(reply.payload || reply.title, reply.title);
    if (event.detail === 0) {
      // By keyboard: the button goes, and the focus must not go with it.
      root.querySelector<HTMLElement>(".composer textarea")?.focus();
    }
  };
  return (
    <div class="replies" role="group" aria-label={speaker.say("replies")}>
      {replies.map((reply, index) => (
        <button key={index} type="button" class="reply" dir="auto" onClick={(event) => answer(event, reply)}>
          {reply.title}
        </button>
      ))}
    </div>
  );
}

export function Time({ at }: { at: string }): JSX.Element {
  const { speaker } = useTools();
  return (
    <time class="time" dateTime={at}>
      {speaker.time(at)}
    </time>
  );
}

/** A message in a few words, for a preview. */
export function summary(speaker: Speaker, message: Message): string {
  const words = message.format === "plain" ? message.text.replace(/\s+/g, " ").trim() : oneLine(message.text, message.literal);
  const attachment = message.attachments[0];
  return words || attachment?.title || (attachment ? speaker.say(attachment.type === "image" ? "picture" : "file") : "");
}
