/** What the log shows, in order, worked out from the state. Pure. */

import { compareIds, type Message, type SuggestedReply } from "./protocol";
import type { Outgoing, State } from "./state";

export interface MessageItem {
  kind: "message";
  key: string;
  message: Message;
  /** Whether it starts, or ends, a run of messages by one speaker. */
  first: boolean;
  last: boolean;
  /** What can be tapped as an answer; none once answered. */
  replies: SuggestedReply[];
  links: SuggestedReply[];
}

export type Item =
  | MessageItem
  | { kind: "day"; key: string; at: string }
  | { kind: "joined"; key: string; name: string | null }
  | { kind: "assistant_back"; key: string }
  | { kind: "new_conversation"; key: string }
  | { kind: "outgoing"; key: string; outgoing: Outgoing };

/** Messages of one speaker this close together are one run, milliseconds. */
const RUN = 5 * 60 * 1000;

export function timeline(state: State): Item[] {
  const items: Item[] = [];
  const speakers = new Speakers(state);
  const answered = lastAnswered(state);
  let before: Message | undefined;
  for (const message of state.messages) {
    if (!before || !sameDay(before.at, message.at)) {
      items.push({ kind: "day", key: `day-${message.id}`, at: message.at });
    } else if (before.conversation_id && message.conversation_id && before.conversation_id !== message.conversation_id) {
      items.push({ kind: "new_conversation", key: `new-${message.id}` });
    }
    items.push(...speakers.before(message));
    const inRun = before !== undefined && items[items.length - 1]?.kind === "message" && isRun(before, message);
    if (inRun) {
      (items[items.length - 1] as MessageItem).last = false;
    }
    items.push(messageItem(state, message, !inRun, answered));
    before = message;
  }
  items.push(...speakers.now());
  items.push(...state.outbox.map((outgoing) => ({ kind: "outgoing" as const, key: outgoing.clientId, outgoing })));
  return items;
}

/** The message to show beside the launcher while the panel is closed. */
export function preview(state: State): Message | null {
  if (state.open || state.unread === 0) {
    return null;
  }
  // What ends a conversation is no news: it stands in the log.
  const latest = state.messages.filter(fromBusiness).slice(-state.unread).filter(isContent).pop();
  const waved = latest && state.dismissed !== null && compareIds(latest.id, state.dismissed) <= 0;
  return latest && !waved ? latest : null;
}

/** The id of the newest message of the business. */
export function newestFromBusiness(messages: Message[]): string | null {
  return messages.filter(fromBusiness).pop()?.id ?? null;
}

/** What can be tapped as an answer to a message; none once it is answered, or its conversation is over. */
export function repliesTo(state: State, message: Message, answered = lastAnswered(state)): SuggestedReply[] {
  const open = message.survey === null && (answered === null || compareIds(message.id, answered) > 0);
  return open && fromBusiness(message) && counts(state, message) ? message.suggested_replies.filter((one) => !one.url) : [];
}

/** Whether an answer belongs to the message's conversation: it is open, or closed and what it offered last has no answer. */
function counts(state: State, message: Message): boolean {
  const { id, status } = state.conversation;
  if (id === null || message.conversation_id === null) {
    return true;
  }
  if (id !== message.conversation_id || status !== "closed" || message.closing) {
    return id === message.conversation_id;
  }
  return !state.messages.some(
    (one) => one.conversation_id === id && (isAnswer(one) || (isContent(one) && offersAfter(one, message))),
  );
}

function offersAfter(later: Message, message: Message): boolean {
  return later.suggested_replies.length > 0 && compareIds(later.id, message.id) > 0;
}

function fromBusiness(message: Message): boolean {
  return message.sender !== "recipient";
}

/** Neither the words that close a conversation nor its survey. */
function isContent(message: Message): boolean {
  return message.survey === null && !message.closing;
}

/** Words of the person's own; a rating answers the survey, not the message. */
function isAnswer(message: Message): boolean {
  return message.sender === "recipient" && message.survey === null;
}

function messageItem(state: State, message: Message, first: boolean, answered: string | null): MessageItem {
  return {
    kind: "message",
    key: message.id,
    message,
    first,
    last: true,
    replies: repliesTo(state, message, answered),
    links: fromBusiness(message) ? message.suggested_replies.filter((one) => one.url) : [],
  };
}

/** The id up to which everything is answered. */
function lastAnswered(state: State): string | null {
  const newest = state.messages[state.messages.length - 1];
  if (state.outbox.length > 0 && newest) {
    return newest.id;
  }
  return [...state.messages].reverse().find(isAnswer)?.id ?? null;
}

function isRun(before: Message, message: Message): boolean {
  const near = Date.parse(message.at) - Date.parse(before.at) < RUN;
  return before.sender === message.sender && before.name === message.name && near;
}

function sameDay(a: string, b: string): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

/** Follows who speaks for the business, and says when that changes. */
class Speakers {
  private human: Message | null = null;
  private answeredSince = false;

  constructor(private state: State) {}

  before(message: Message): Item[] {
    if (message.sender === "recipient") {
      this.answeredSince = true;
      return [];
    }
    const human = this.human;
    if (message.sender === "human_agent") {
      this.human = message;
      this.answeredSince = false;
      const same = human && human.name === message.name && human.conversation_id === message.conversation_id;
      return same ? [] : [{ kind: "joined", key: `joined-${message.id}`, name: message.name }];
    }
    return human && this.takesOver(human, message) ? this.back(message.id) : [];
  }

  /** After the last message: who is to speak next. */
  now(): Item[] {
    const { conversation } = this.state;
    const human = this.human?.conversation_id === conversation.id ? this.human : null;
    if (conversation.status !== "open") {
      return [];
    }
    if (conversation.handed_over && conversation.human_name && conversation.human_name !== human?.name) {
      return [{ kind: "joined", key: "joined-now", name: conversation.human_name }];
    }
    return human && !conversation.handed_over ? this.back("now") : [];
  }

  /** The assistant's closing words and its survey are not a change of speaker. */
  private takesOver(human: Message, message: Message): boolean {
    if (human.conversation_id !== message.conversation_id) {
      this.human = null;
      return false;
    }
    const { id, status } = this.state.conversation;
    const closed = status === "closed" && id === message.conversation_id;
    return message.survey === null && this.answeredSince && !closed;
  }

  private back(key: string): Item[] {
    this.human = null;
    return [{ kind: "assistant_back", key: `back-${key}` }];
  }
}
