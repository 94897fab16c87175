import { describe, expect, it } from "vitest";
import type { Entry, Ticket } from "../api/types";
import { news, spokenAt } from "./news";

const said = (sender: Entry["sender"], at: string, text = "words"): Entry => ({ sender, at, text, name: null, suggested_replies: [], attachments: [] });
const ticket = (id: string, assignee_id: string | null, ...transcript: Entry[]): Ticket =>
  ({ id, assignee_id, transcript, reason: "requested", recipient: { id: "r", nickname: "Omar", user_id: null, phone_number: null } }) as unknown as Ticket;

describe("what an agent is told of", () => {
  const before = ticket("a", "me", said("recipient", "2026-01-01T10:00:00Z"));
  const known = spokenAt([before]);
  it("is a ticket that was not there", () => {
    expect(news(known, [before, ticket("b", null)], "me")).toMatchObject([{ ticket: { id: "b" }, title: "New ticket from Omar" }]);
  });
  it("is what was said in one of theirs, a picture too", () => {
    const more = ticket("a", "me", ...before.transcript, said("recipient", "2026-01-01T10:01:00Z", "my number"));
    expect(news(known, [more], "me")).toMatchObject([{ title: "New message from Omar", body: "my number" }]);
    const picture = ticket("a", "me", ...before.transcript, said("recipient", "2026-01-01T10:01:00Z", ""));
    expect(news(known, [picture], "me")[0]!.body).toBe("Sent an attachment");
  });
  it("is neither what they said themselves nor what is somebody else's", () => {
    const own = ticket("a", "me", ...before.transcript, said("human_agent", "2026-01-01T10:01:00Z"));
    const theirs = ticket("a", "bob", ...before.transcript, said("recipient", "2026-01-01T10:01:00Z"));
    expect(news(known, [before], "me")).toEqual([]);
    expect(news(known, [own], "me")).toEqual([]);
    expect(news(known, [theirs], "me")).toEqual([]);
  });
});
