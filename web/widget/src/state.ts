/** All that the widget knows, and how each thing that happens changes it. Pure. */

import { compareIds, type Conversation, type History, type Message, type Problem, type Recipient } from "./protocol";

/** `away` is an outage that lasts long enough to be told. */
export type Link = "connecting" | "online" | "away" | "refused";

/** A message of the person's own that the server has not said yet. */
export interface Outgoing {
  clientId: string;
  /** What is sent: the words, or the payload of a suggested reply. */
  message: string;
  /** What is shown, where that is something else. */
  title: string | null;
  at: string;
  status: "waiting" | "accepted" | "failed";
  problem: string | null;
}

export interface State {
  link: Link;
  /** Why the server will not have us, for people. */
  refusal: string | null;
  open: boolean;
  /** By id, each once. */
  messages: Message[];
  outbox: Outgoing[];
  /** Whether there is an older page. */
  more: boolean;
  loadingOlder: boolean;
  /** Whether the first history is here. */
  loaded: boolean;
  unread: number;
  conversation: Conversation;
  recipient: Recipient;
  typing: { sender: string; name: string | null } | null;
  /** An answer to the survey is on its way. */
  answering: boolean;
  /** The person wants to write although the conversation is closed. */
  startingNew: boolean;
  /** The id of the last message whose preview was waved away. */
  dismissed: string | null;
  /** What went wrong last, for people. */
  trouble: string | null;
}

export type Action =
  | { type: "link"; link: Link; refusal?: string | null }
  | { type: "history"; history: History }
  | { type: "older" }
  | { type: "older_came"; messages: Message[]; more: boolean }
  | { type: "older_failed" }
  | { type: "message"; message: Message }
  | { type: "conversation"; conversation: Conversation }
  | { type: "typing"; sender: string; name: string | null; on: boolean }
  | { type: "unread"; unread: number }
  | { type: "reaction"; messageId: string; emoji: string | null }
  | { type: "queued"; outgoing: Outgoing }
  | { type: "retried"; clientId: string }
  | { type: "accepted"; clientId: string }
  | { type: "failed"; clientId: string; problem: Problem | null }
  | { type: "answering"; on: boolean; trouble?: string | null }
  | { type: "trouble"; text: string | null }
  | { type: "opened" }
  | { type: "closed" }
  | { type: "dismissed"; id: string }
  | { type: "start_new" }
  | { type: "somebody_else" };

export const NO_CONVERSATION: Conversation = {
  id: null,
  status: null,
  handed_over: false,
  human_name: null,
  survey: null,
};

export function initialState(open = false): State {
  return {
    link: "connecting",
    refusal: null,
    open,
    messages: [],
    outbox: [],
    more: false,
    loadingOlder: false,
    loaded: false,
    unread: 0,
    conversation: NO_CONVERSATION,
    recipient: { nickname: null, anonymous: true },
    typing: null,
    answering: false,
    startingNew: false,
    dismissed: null,
    trouble: null,
  };
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "link":
      return linked(state, action.link, action.refusal ?? null);
    case "history":
      return withHistory(state, action.history);
    case "older":
      return { ...state, loadingOlder: true };
    case "older_came":
      return { ...state, loadingOlder: false, more: action.more, messages: merged(state.messages, action.messages) };
    case "older_failed":
      return { ...state, loadingOlder: false };
    case "message":
      return said(state, action.message);
    case "conversation":
      return conversed(state, action.conversation);
    case "typing":
      return { ...state, typing: action.on ? { sender: action.sender, name: action.name } : null };
    case "unread":
      return state.unread === action.unread ? state : { ...state, unread: action.unread };
    case "reaction":
      return { ...state, messages: reacted(state.messages, action.messageId, action.emoji) };
    case "answering":
      return { ...state, answering: action.on, trouble: action.trouble ?? null };
    case "trouble":
      return { ...state, trouble: action.text };
    case "somebody_else":
      return { ...initialState(state.open), link: state.link };
    default:
      return reduceOwn(state, action);
  }
}

/** What the person at this browser does. */
function reduceOwn(state: State, action: Action): State {
  switch (action.type) {
    case "queued":
      return { ...state, outbox: [...state.outbox, action.outgoing], trouble: null };
    case "retried":
      return { ...state, outbox: changed(state.outbox, action.clientId, { status: "waiting", problem: null }) };
    case "accepted":
      return { ...state, outbox: changed(state.outbox, action.clientId, { status: "accepted", problem: null }) };
    case "failed":
      return {
        ...state,
        outbox: changed(state.outbox, action.clientId, { status: "failed", problem: action.problem?.detail ?? null }),
      };
    case "opened":
      return { ...state, open: true };
    case "closed":
      return { ...state, open: false, dismissed: state.messages[state.messages.length - 1]?.id ?? null };
    case "dismissed":
      return { ...state, dismissed: action.id };
    case "start_new":
      return { ...state, startingNew: true };
    default:
      return state;
  }
}

function linked(state: State, link: Link, refusal: string | null): State {
  // Whoever was typing may have stopped while we were away.
  return { ...state, link, refusal, typing: link === "online" ? state.typing : null, answering: false };
}

function withHistory(state: State, history: History): State {
  const known = state.messages;
  const newest = known[known.length - 1];
  const first = history.messages[0];
  // More was said in our absence than one page holds: what we had would have a hole after it.
  const hole = history.more && newest !== undefined && first !== undefined && compareIds(first.id, newest.id) > 0;
  const kept = hole ? [] : known;
  return {
    ...state,
    loaded: true,
    messages: merged(kept, history.messages),
    more: kept.length > 0 ? state.more : history.more,
    unread: history.unread,
    conversation: history.conversation,
    recipient: history.recipient,
    outbox: unsaid(state.outbox, history.messages),
    typing: null,
    loadingOlder: false,
  };
}

function said(state: State, message: Message): State {
  const news = message.sender !== "recipient" && !state.messages.some((known) => known.id === message.id);
  return {
    ...state,
    // Whoever sees it says so at once, and the server then tells the number.
    unread: state.unread + (news ? 1 : 0),
    messages: merged(state.messages, [message]),
    outbox: unsaid(state.outbox, [message]),
    conversation: begun(state.conversation, message),
    typing: message.sender === "recipient" ? state.typing : null,
    startingNew: message.sender === "recipient" ? false : state.startingNew,
  };
}

/** A message of another conversation than the one known says that a new one has begun. */
function begun(known: Conversation, message: Message): Conversation {
  const { conversation_id: id } = message;
  return id === null || id === known.id ? known : { ...NO_CONVERSATION, id, status: "open" };
}

function conversed(state: State, conversation: Conversation): State {
  const startingNew = state.startingNew && conversation.status === "closed";
  const moved = conversation.survey !== state.conversation.survey || conversation.id !== state.conversation.id;
  return { ...state, conversation, startingNew, answering: state.answering && !moved };
}

function merged(known: Message[], more: Message[]): Message[] {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of more) {
    byId.set(message.id, message);
  }
  return [...byId.values()].sort((a, b) => compareIds(a.id, b.id));
}

function unsaid(outbox: Outgoing[], messages: Message[]): Outgoing[] {
  const saidIds = new Set(messages.map((message) => message.client_id));
  const left = outbox.filter((outgoing) => !saidIds.has(outgoing.clientId));
  return left.length === outbox.length ? outbox : left;
}

function changed(outbox: Outgoing[], clientId: string, change: Partial<Outgoing>): Outgoing[] {
  return outbox.map((outgoing) => (outgoing.clientId === clientId ? { ...outgoing, ...change } : outgoing));
}

function reacted(messages: Message[], id: string, emoji: string | null): Message[] {
  return messages.map((message) => (message.id === id ? { ...message, reaction: emoji } : message));
}
