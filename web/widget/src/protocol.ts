/** What travels between this widget and the server; see docs/messenger.md. */

export type Sender = "ai_agent" | "recipient" | "human_agent";
export type Question = "resolution" | "csat_score" | "csat_comment";

export interface SuggestedReply {
  title: string;
  url?: string | null;
  payload?: string | null;
}

export interface Attachment {
  type: "image" | "file" | "video" | "audio";
  url: string;
  title?: string | null;
}

/** A card, as Rasa's generic template draws it. */
export interface Element {
  title?: string;
  subtitle?: string;
  image_url?: string;
  buttons?: { title?: string; url?: string; payload?: string }[];
}

export interface Message {
  /** A number as text; a larger one was said later. */
  id: string;
  sender: Sender;
  name: string | null;
  text: string;
  format: "markdown" | "plain";
  /** Parts of Markdown that are words as they stand. */
  literal: number[][];
  at: string;
  conversation_id: string | null;
  suggested_replies: SuggestedReply[];
  attachments: Attachment[];
  elements: Element[];
  custom: Record<string, unknown> | null;
  survey: Question | null;
  /** Whether these are the words with which a conversation closes. */
  closing: boolean;
  reaction: string | null;
  client_id: string | null;
}

export interface Conversation {
  id: string | null;
  status: "open" | "closed" | null;
  handed_over: boolean;
  human_name: string | null;
  survey: Question | null;
}

export interface Recipient {
  nickname: string | null;
  anonymous: boolean;
}

export interface History {
  messages: Message[];
  more: boolean;
  unread: number;
  conversation: Conversation;
  recipient: Recipient;
}

export interface Problem {
  code: string;
  detail: string;
  retry_after?: number | null;
}

export interface Ack {
  ok: boolean;
  error?: Problem;
}

export interface OlderPage extends Ack {
  messages?: Message[];
  more?: boolean;
}

/** The longest message that the server takes, in characters. */
export const LONGEST = 4000;

/** Below zero if `a` was said before `b`. */
export function compareIds(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

/** A message with every field that an older or newer server may leave out. */
export function completed(raw: Partial<Message>): Message {
  return {
    id: String(raw.id ?? ""),
    sender: raw.sender ?? "ai_agent",
    name: raw.name ?? null,
    text: raw.text ?? "",
    format: raw.format ?? (raw.sender === "recipient" || raw.sender === "human_agent" ? "plain" : "markdown"),
    literal: raw.literal ?? [],
    at: raw.at ?? new Date().toISOString(),
    conversation_id: raw.conversation_id ?? null,
    suggested_replies: raw.suggested_replies ?? [],
    attachments: raw.attachments ?? [],
    elements: raw.elements ?? [],
    custom: raw.custom ?? null,
    survey: raw.survey ?? null,
    closing: raw.closing ?? false,
    reaction: raw.reaction ?? null,
    client_id: raw.client_id ?? null,
  };
}
