import { describe, expect, it } from "vitest";
import type { Chat } from "../../api/types";
import { draftOf, emptyDraft, fieldErrors, missing, moved, newReply, toChanges, toRequest, unreachable, type Draft } from "./draft";

const ada = { id: "1", nickname: "Ada", user_id: "ada", phone_number: "+14155550101", timezone: "Europe/London" };
const draft = (part: Partial<Draft> = {}): Draft => ({ ...emptyDraft("Europe/London"), receiver: ada, message: "Hi", ...part });

describe("a draft", () => {
  it("names what is missing", () => {
    expect(Object.keys(missing(emptyDraft("UTC")))).toEqual(["recipient", "message"]);
    expect(missing(draft())).toEqual({});
    expect(missing(draft({ receiver: { ...ada, phone_number: null } }))).toHaveProperty("recipient");
    expect(missing(draft({ when: "later", at: "2020-01-01T10:00" })).scheduled_at).toContain("future");
  });
  it("looks at replies before they are sent", () => {
    const replies = [
      { ...newReply(), title: "Yes" },
      { ...newReply(), title: " yes " },
      { ...newReply(), title: "Offer", kind: "url" as const, value: "javascript:alert(1)" },
      { ...newReply(), title: "Plan", kind: "payload" as const, value: "choose" },
    ];
    expect(Object.keys(missing(draft({ replies })))).toEqual(["suggested_replies[1].title", "suggested_replies[2].value", "suggested_replies[3].value"]);
  });
  it("becomes the request", () => {
    const replies = [{ ...newReply(), title: " Offer ", kind: "url" as const, value: "https://example.com" }];
    expect(toRequest(draft({ replies, campaign: " spring ", when: "later", at: "2099-07-01T09:00" }))).toEqual({
      channel_type: "sms", user_id: "ada", message: "Hi", campaign: "spring", scheduled_at: "2099-07-01T08:00:00.000Z",
      suggested_replies: [{ title: "Offer", url: "https://example.com" }],
    });
    expect(toRequest(draft({ receiver: { ...ada, user_id: null } }))).toMatchObject({ phone_number: "+14155550101" });
  });
  it("has a key of its own at each opening", () => {
    expect(emptyDraft("UTC").idempotencyKey).not.toBe(emptyDraft("UTC").idempotencyKey);
  });
  it("moves replies", () => {
    expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
    expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
  });
  it("puts the API's words beside its own fields", () => {
    expect(fieldErrors({ user_id: "Nobody.", "suggested_replies[0]": "Twice.", "suggested_replies[1].url": "No." })).toEqual({
      recipient: "Nobody.", "suggested_replies[0].title": "Twice.", "suggested_replies[1].value": "No.",
    });
  });
});

const chat = (part: Partial<Chat> = {}): Chat => ({
  id: "c1", conversation_id: "c1", channel_type: "sms", recipient: { ...ada }, conversation_type: "proactive", message: "Hi", intent: null,
  entities: {}, suggested_replies: [{ title: "Yes", url: null, payload: null }, { title: "Shop", url: "https://shop.example", payload: null }],
  campaign: "spring", if_active: "skip", auto_close_timeout: null, delivery_status: "queued", wait_reason: "scheduled", skip_reason: null,
  error: null, encoding: "GSM-7", segments: 1, created_at: "2026-01-01T00:00:00Z", scheduled_at: "2099-07-01T08:00:00Z", sent_at: null,
  delivered_at: null, sent_by: null, ...part,
});

describe("a scheduled chat", () => {
  it("is edited by the clock of who gets it", () => {
    expect(draftOf(chat())).toMatchObject({ when: "later", at: "2099-07-01T09:00", zone: "Europe/London", campaign: "spring" });
    expect(draftOf(chat({ scheduled_at: "2020-07-01T08:00:00Z" }))).toMatchObject({ when: "now", at: "" });
  });
  it("changes only what was changed", () => {
    const before = draftOf(chat());
    expect(toChanges(before, chat())).toEqual({});
    expect(toChanges({ ...before, message: "Bye" }, chat())).toEqual({ message: "Bye" });
    expect(toChanges({ ...before, campaign: " " }, chat())).toEqual({ campaign: null });
    expect(toChanges({ ...before, replies: before.replies.slice(0, 1) }, chat())).toEqual({ suggested_replies: [{ title: "Yes" }] });
    expect(toChanges({ ...before, at: "2099-07-01T10:00" }, chat())).toEqual({ scheduled_at: "2099-07-01T09:00:00.000Z" });
    expect(toChanges({ ...before, when: "now" }, chat())).toEqual({ scheduled_at: null });
  });
});

describe("somebody who cannot be reached", () => {
  it("is named before anything is sent", () => {
    expect(unreachable(draft({ receiver: { ...ada, nickname: "Noor", phone_number: null } }))).toBe("Noor has no phone number.");
    expect(unreachable(draft({ channel: "messenger", receiver: { ...ada, user_id: null } }))).toContain("no user ID");
    expect(unreachable(draft({ channel: "messenger", receiver: { ...ada, phone_number: null } }))).toBeUndefined();
    expect(unreachable(draft({ receiver: null }))).toBeUndefined();
  });
});
