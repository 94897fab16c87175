/** The API's values in words and colours: one place, so that every page says the same. */
import type { ConsentChange } from "../api/types";

export type Tone = "green" | "amber" | "red" | "blue" | "violet" | "accent" | "grey";
type Words = Record<string, { label: string; tone: Tone; help?: string }>;

export const DELIVERY: Words = {
  queued: { label: "Waiting", tone: "grey", help: "Not sent yet." },
  sending: { label: "Sending", tone: "blue", help: "Being handed to the carrier." },
  sent: { label: "Sent", tone: "blue", help: "Accepted by the carrier." },
  delivered: { label: "Delivered", tone: "green", help: "Delivered to the recipient." },
  failed: { label: "Failed", tone: "red", help: "Rejected by the carrier." },
  skipped: { label: "Not sent", tone: "amber", help: "Held back by your sending rules." },
};

/** What a message that has not gone out waits for, in a word or two. */
const WAITING: Words = {
  scheduled: { label: "Scheduled", tone: "violet" },
  quiet_hours: { label: "Quiet hours", tone: "grey" },
  open_conversation: { label: "Waiting", tone: "grey" },
};

const CANCELLED = { label: "Cancelled", tone: "grey" } as const;

/** How far a message got, as a badge says it. */
export function deliveryWords(chat: { delivery_status: string; wait_reason: string | null; skip_reason: string | null }): Words[string] {
  const words = DELIVERY[chat.delivery_status]!;
  if (chat.delivery_status === "queued") return { ...words, ...WAITING[chat.wait_reason ?? ""] };
  if (chat.skip_reason === "cancelled") return { ...CANCELLED, help: words.help! };
  return words;
}

/** How far a human agent's message got. */
export const SPOKEN: Record<string, string> = { queued: "Sending…", sending: "Sending…", sent: "Sent", delivered: "Delivered" };

/** Carrier codes from here on are of messages that it took and could not deliver. */
const UNDELIVERED = 30_000;

/** Why a message in a transcript did not arrive: `Not sent: the recipient has opted out.` */
export function notSent(error: { code?: number | null; message: string } | null | undefined): string {
  const what = (error?.code ?? 0) >= UNDELIVERED ? "Not delivered" : "Not sent";
  if (!error) return what;
  return `${what}: ${error.message.replace(/^(The|This|Nothing|A|Too) /, (word) => word.toLowerCase())}`;
}

/** Carrier codes that say that this address gets nothing, however often one tries. */
const HOPELESS = new Set([21211, 21214, 21217, 21265, 21408, 21610, 21612, 21614, 30005, 30006]);
/** Skip reasons that another send meets again. */
const STANDING = new Set(["opted_out", "no_phone_number", "invalid_number", "erased"]);

/** Whether sending the same once more may go better. */
export function worthAnother(chat: { delivery_status: string; skip_reason: string | null; error: { code: number | null } | null }): boolean {
  if (chat.delivery_status === "failed") return !HOPELESS.has(chat.error?.code ?? 0);
  return chat.delivery_status === "skipped" && !STANDING.has(chat.skip_reason ?? "");
}

export const RESPONSE: Words = {
  responded: { label: "Responded", tone: "green" },
  not_responded: { label: "No response", tone: "grey" },
};

export const STATUS: Words = {
  open: { label: "Open", tone: "blue" },
  closed: { label: "Closed", tone: "grey" },
};

export const CHANNEL: Record<string, string> = { sms: "SMS", messenger: "Messenger" };

export const CLOSED: Record<string, string> = {
  auto: "Closed due to inactivity",
  user_resolved: "Marked resolved by the recipient",
  user_unresolved: "Marked unresolved by the recipient",
  by_human_agent: "Resolved by a human agent",
  force_closed: "Closed manually",
  opted_out: "Opted out",
};

export const TICKET: Words = {
  open: { label: "Open", tone: "blue" },
  resolved: { label: "Resolved", tone: "green" },
  returned: { label: "Returned to AI agent", tone: "violet" },
  closed: { label: "Closed", tone: "grey" },
};

const REASONS: Record<string, string> = {
  opted_out: "The recipient has opted out.",
  no_phone_number: "The recipient has no phone number.",
  no_phone: "The recipient has no phone number.",
  frequency_cap: "The recipient has reached the frequency cap.",
  open_conversation: "The recipient is in an open conversation.",
  conversation_open: "The recipient is in an open conversation.",
  active_conversation: "The recipient is in an open conversation.",
  quiet_hours: "It’s quiet hours for the recipient. The message is sent when they end.",
  scheduled: "Scheduled for later.",
  assistant_unavailable: "The assistant isn’t responding. The message is sent as soon as it does.",
  carrier_unavailable: "The carrier isn’t responding. The message is sent as soon as it does.",
  erased: "The recipient was erased.",
  cancelled: "Cancelled before it was sent.",
};

/** Why something waits or was not sent. */
export function reason(value: string | null | undefined): string {
  if (!value) return "";
  return REASONS[value] ?? `${value.charAt(0).toUpperCase()}${value.slice(1).replaceAll("_", " ")}.`;
}

/** Why a human was called, as the ticket shows it. */
export function handoffReason(value: string): string {
  const known: Record<string, string> = {
    requested: "Asked for a human",
    user_request: "Asked for a human",
    request_human: "Asked for a human",
    misunderstood: "The AI agent didn’t understand",
    repeated_misunderstanding: "The AI agent didn’t understand",
    assistant_failed: "The AI agent failed",
    assistant_error: "The AI agent failed",
    looks_automatic: "Looks like an automatic reply",
  };
  const text = value.replaceAll("_", " ");
  return known[value] ?? `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

const CONSENT: Record<ConsentChange["kind"], string> = {
  asked: "Consent message sent",
  given: "Consent given",
  refused: "Consent refused",
  unknown: "Consent reset to unknown",
  opted_out: "Opted out",
  opted_in: "Opted in again",
};

/** One change of consent, and whose word it was. */
export function consentSentence(change: Pick<ConsentChange, "kind" | "by" | "name">): string {
  const what = CONSENT[change.kind];
  if (change.by === "carrier") return `${what}, reported by the carrier`;
  if (change.by === "unknown") return what;
  if (change.by === "recipient") return `${what} by ${change.kind === "opted_in" ? "START" : "STOP"}`;
  return change.name ? `${what}, recorded by ${change.name}` : what;
}
