/** A message while it is written, and the request that it becomes. */
import { newKey } from "../../lib/key";
import type { Chat, ChatChanges, NewChat, Person } from "../../api/types";
import { personName } from "../../lib/format";
import { known, momentOf, OWN_ZONE, wallOf } from "../../lib/zone";
import { words } from "../../words/send";

export interface DraftReply {
  /** Tells replies apart while they move. */
  key: string;
  title: string;
  kind: "say" | "url" | "payload";
  value: string;
}

export type Receiver = Pick<Person, "nickname" | "user_id" | "phone_number"> & { id: string | null; timezone: string | null };

export interface Draft {
  /** Of one opening of the dialog: the same send twice is one send. */
  idempotencyKey: string;
  channel: "sms" | "messenger";
  receiver: Receiver | null;
  message: string;
  replies: DraftReply[];
  campaign: string;
  when: "now" | "later";
  /** A wall clock, `2026-03-01T09:30`, in `zone`. */
  at: string;
  zone: string;
  ifActive: "" | "skip" | "queue" | "append";
}

export const emptyDraft = (zone: string): Draft => ({
  idempotencyKey: newKey(), channel: "sms", receiver: null, message: "", replies: [], campaign: "", when: "now", at: "",
  zone, ifActive: "",
});

/** A chat as a draft, to be changed or sent once more. */
export function draftOf(chat: Chat, now = new Date()): Draft {
  const zone = known(chat.recipient.timezone) ? chat.recipient.timezone : OWN_ZONE;
  const later = chat.scheduled_at !== null && new Date(chat.scheduled_at) > now;
  return {
    ...emptyDraft(zone),
    channel: chat.channel_type,
    receiver: chat.recipient,
    message: chat.message ?? "",
    replies: chat.suggested_replies.map(({ title, url, payload }) => ({
      key: newKey(), title, kind: url ? "url" : payload ? "payload" : "say", value: url ?? payload ?? "",
    })),
    campaign: chat.campaign ?? "",
    when: later ? "later" : "now",
    at: later ? wallOf(new Date(chat.scheduled_at!), zone) : "",
  };
}

/** What a changed draft changes of the chat that it was made of. */
export function toChanges(draft: Draft, chat: Chat): ChatChanges {
  const before = draftOf(chat);
  const { message, suggested_replies } = toRequest(draft);
  const replies = suggested_replies ?? [];
  const at = draft.when === "later" ? (momentOf(draft.at, draft.zone)?.toISOString() ?? null) : null;
  const sameTime = draft.when === before.when && draft.at === before.at && draft.zone === before.zone;
  return {
    ...(draft.message !== before.message && message && { message }),
    ...(JSON.stringify(replies) !== JSON.stringify(toRequest(before).suggested_replies) && { suggested_replies: replies }),
    ...(draft.campaign.trim() !== before.campaign && { campaign: draft.campaign.trim() || null }),
    ...(!sameTime && { scheduled_at: at }),
  };
}

export const newReply = (): DraftReply => ({ key: newKey(), title: "", kind: "say", value: "" });

export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const result = [...list];
  if (from === to || to < 0 || to >= list.length) return result;
  const [one] = result.splice(from, 1);
  result.splice(to, 0, one!);
  return result;
}

/** Why the one who is chosen cannot be reached on this channel. */
export function unreachable({ receiver, channel }: Pick<Draft, "receiver" | "channel">): string | undefined {
  if (!receiver) return undefined;
  if (channel === "sms" && !receiver.phone_number) return words.noPhone(personName(receiver));
  if (channel === "messenger" && !receiver.user_id) return words.noUserId(personName(receiver));
  return undefined;
}

/** What is missing before it can be sent, by field. */
export function missing(draft: Draft, now = new Date()): Record<string, string> {
  const found: Record<string, string> = {};
  const nobody = draft.receiver ? unreachable(draft) : words.chooseRecipient;
  if (nobody) found.recipient = nobody;
  if (!draft.message.trim()) found.message = words.writeMessage;
  const titles = new Set<string>();
  draft.replies.forEach((reply, index) => {
    const title = reply.title.trim().toLocaleLowerCase();
    if (!title) found[`suggested_replies[${index}].title`] = words.titleNeeded;
    else if (titles.has(title)) found[`suggested_replies[${index}].title`] = words.titleTwice;
    titles.add(title);
    if (reply.kind === "url" && !/^https?:\/\/\S+\.?\S/i.test(reply.value.trim())) {
      found[`suggested_replies[${index}].value`] = words.linkNeeded;
    }
    if (reply.kind === "payload" && !/^\/\w/.test(reply.value.trim())) {
      found[`suggested_replies[${index}].value`] = words.intentNeeded;
    }
  });
  if (draft.when === "later") {
    const at = momentOf(draft.at, draft.zone);
    if (!at) found.scheduled_at = words.timeNeeded;
    else if (at <= now) found.scheduled_at = words.past;
  }
  return found;
}

export function toRequest(draft: Draft): NewChat {
  const { receiver } = draft;
  const byNumber = draft.channel === "sms" && (receiver?.user_id === null || receiver?.id === null);
  return {
    channel_type: draft.channel,
    ...(byNumber ? { phone_number: receiver?.phone_number ?? null } : { user_id: receiver?.user_id ?? null }),
    message: draft.message,
    suggested_replies: draft.replies.map((reply) => ({
      title: reply.title.trim(),
      ...(reply.kind !== "say" && { [reply.kind]: reply.value.trim() }),
    })),
    ...(draft.campaign.trim() && { campaign: draft.campaign.trim() }),
    ...(draft.when === "later" && { scheduled_at: momentOf(draft.at, draft.zone)?.toISOString() ?? null }),
    ...(draft.ifActive && { if_active: draft.ifActive }),
  };
}

/** Problems of the API by the dialog's own fields. */
export function fieldErrors(fields: Readonly<Record<string, string>>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, text] of Object.entries(fields)) {
    if (["user_id", "phone_number", "channel_type"].includes(name)) result.recipient = text;
    else if (/^suggested_replies\[\d+\]$/.test(name)) result[`${name}.title`] = text;
    else result[name.replace(/\.(url|payload)$/, ".value")] = text;
  }
  return result;
}
