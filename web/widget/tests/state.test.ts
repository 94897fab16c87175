import { describe, expect, it } from "vitest";
import { compareIds, completed, type Conversation, type History, type Message } from "../src/protocol";
import { initialState, NO_CONVERSATION, reduce, type Action, type Outgoing, type State } from "../src/state";
import { newestFromBusiness, preview, timeline, type MessageItem } from "../src/timeline";

const AT = "2026-11-24T12:00:00.000Z";

const message = (id: number, more: Partial<Message> = {}): Message =>
  completed({ id: String(id), sender: "ai_agent", text: `words ${id}`, at: AT, conversation_id: "c1", ...more });
const own = (id: number, more: Partial<Message> = {}): Message => message(id, { sender: "recipient", ...more });
const human = (id: number, name: string, more: Partial<Message> = {}): Message =>
  message(id, { sender: "human_agent", name, ...more });

const open: Conversation = { ...NO_CONVERSATION, id: "c1", status: "open" };

const history = (messages: Message[], more: Partial<History> = {}): History => ({
  messages,
  more: false,
  unread: 0,
  conversation: open,
  recipient: { nickname: "Alice", anonymous: false },
  ...more,
});

const outgoing = (clientId: string, more: Partial<Outgoing> = {}): Outgoing => ({
  clientId,
  message: "hello",
  title: null,
  at: AT,
  status: "waiting",
  problem: null,
  ...more,
});

const run = (...actions: Action[]): State => actions.reduce(reduce, initialState());
const ids = (state: State): string[] => state.messages.map((one) => one.id);
const kinds = (state: State): string[] => timeline(state).map((item) => item.kind);

describe("messages", () => {
  it("are ordered by number, not by letters, each once", () => {
    const state = run({ type: "message", message: message(10) }, { type: "message", message: message(9) }, { type: "message", message: message(10) });
    expect(ids(state)).toEqual(["9", "10"]);
    expect(compareIds("9", "10")).toBeLessThan(0);
  });

  it("come again after a reconnect without being doubled, and what is older stays", () => {
    const state = run(
      { type: "history", history: history([message(5), message(6)], { more: true }) },
      { type: "older_came", messages: [message(3), message(4)], more: false },
      { type: "history", history: history([message(6), message(7)], { more: true }) },
    );
    expect(ids(state)).toEqual(["3", "4", "5", "6", "7"]);
    expect(state.more).toBe(false);
  });

  it("leave no hole after a long absence", () => {
    const state = run(
      { type: "history", history: history([message(5), message(6)]) },
      { type: "history", history: history([message(90), message(91)], { more: true }) },
    );
    expect(ids(state)).toEqual(["90", "91"]);
    expect(state.more).toBe(true);
  });

  it("of the business count as unread until the server says otherwise; one's own do not", () => {
    const state = run({ type: "message", message: message(1) }, { type: "message", message: message(1) }, { type: "message", message: own(2) });
    expect(state.unread).toBe(1);
    expect(reduce(state, { type: "unread", unread: 0 }).unread).toBe(0);
  });

  it("of somebody else are not shown to the next person", () => {
    const state = run({ type: "history", history: history([message(1)], { unread: 1 }) }, { type: "queued", outgoing: outgoing("a") }, { type: "somebody_else" });
    expect([state.messages, state.outbox, state.unread, state.loaded]).toEqual([[], [], 0, false]);
  });
});

describe("one's own messages", () => {
  it("are shown at once and become the server's", () => {
    const sent = run({ type: "queued", outgoing: outgoing("a") });
    expect(kinds(sent)).toEqual(["outgoing"]);
    const said = reduce(sent, { type: "message", message: own(1, { client_id: "a" }) });
    expect(kinds(said)).toEqual(["day", "message"]);
  });

  it("are not doubled when a reconnect brings them", () => {
    const state = run({ type: "queued", outgoing: outgoing("a") }, { type: "history", history: history([own(1, { client_id: "a" })]) });
    expect(state.outbox).toEqual([]);
  });

  it("fail, and are tried again under the same id", () => {
    const failed = run({ type: "queued", outgoing: outgoing("a") }, { type: "failed", clientId: "a", problem: { code: "too_long", detail: "Too long." } });
    expect(failed.outbox[0]).toMatchObject({ clientId: "a", status: "failed", problem: "Too long." });
    expect(reduce(failed, { type: "retried", clientId: "a" }).outbox[0]).toMatchObject({ clientId: "a", status: "waiting", problem: null });
  });

  it("from another tab are simply there", () => {
    expect(kinds(run({ type: "message", message: own(1, { client_id: "other" }) }))).toEqual(["day", "message"]);
  });
});

describe("suggested replies", () => {
  const asked = message(1, { suggested_replies: [{ title: "Yes" }, { title: "Shop", url: "https://a.example" }] });
  const item = (state: State): MessageItem => timeline(state).find((one) => one.kind === "message") as MessageItem;

  it("can be tapped until something was answered; links stay", () => {
    const before = run({ type: "message", message: asked });
    expect(item(before).replies.map((reply) => reply.title)).toEqual(["Yes"]);
    const after = reduce(before, { type: "message", message: own(2) });
    expect(item(after).replies).toEqual([]);
    expect(item(after).links.map((link) => link.title)).toEqual(["Shop"]);
  });

  it("go at once when one is tapped", () => {
    expect(item(run({ type: "message", message: asked }, { type: "queued", outgoing: outgoing("a") })).replies).toEqual([]);
  });

  it("of the survey are its own buttons", () => {
    expect(item(run({ type: "message", message: { ...asked, survey: "resolution" } })).replies).toEqual([]);
  });
});

describe("who is speaking", () => {
  const told = (messages: Message[], conversation: Conversation = { ...open, handed_over: true }) =>
    timeline(run({ type: "history", history: history(messages, { conversation }) })).filter((one) => !["message", "day"].includes(one.kind));

  it("is told when a human begins, once", () => {
    expect(told([message(1), human(2, "Ada"), own(3), human(4, "Ada")])).toMatchObject([{ kind: "joined", name: "Ada" }]);
  });

  it("is told when another human goes on", () => {
    expect(told([human(1, "Ada"), human(2, "Bo")])).toMatchObject([{ name: "Ada" }, { name: "Bo" }]);
  });

  it("is told before the human's first word, as soon as the server knows", () => {
    expect(told([message(1)], { ...open, handed_over: true, human_name: "Ada" })).toMatchObject([{ kind: "joined", name: "Ada" }]);
  });

  it("is told when the assistant is given the conversation back", () => {
    expect(told([human(1, "Ada"), own(2)], open)).toMatchObject([{ kind: "joined" }, { kind: "assistant_back" }]);
    expect(told([human(1, "Ada"), own(2), message(3)], open)).toMatchObject([{ kind: "joined" }, { kind: "assistant_back" }]);
  });

  it("does not change with the closing words and the survey", () => {
    const closed: Conversation = { ...open, status: "closed" };
    expect(told([human(1, "Ada"), own(2), message(3), message(4, { survey: "csat_score" })], closed)).toMatchObject([{ kind: "joined" }]);
  });
});

describe("the log", () => {
  it("has a line for each day, and for each new conversation", () => {
    const state = run({
      type: "history",
      history: history([message(1, { at: "2026-11-22T12:00:00Z" }), message(2), message(3, { conversation_id: "c2" })]),
    });
    expect(kinds(state)).toEqual(["day", "message", "day", "message", "new_conversation", "message"]);
  });

  it("groups what one speaker says in a row", () => {
    const state = run({ type: "history", history: history([message(1), message(2), own(3), message(4, { at: "2026-11-24T12:30:00Z" })]) });
    const runs = timeline(state).filter((one): one is MessageItem => one.kind === "message");
    expect(runs.map((one) => [one.first, one.last])).toEqual([[true, false], [false, true], [true, true], [true, true]]);
  });
});

describe("the conversation", () => {
  const closed: Conversation = { ...open, status: "closed", survey: "csat_score" };

  it("opens anew with a message of another one", () => {
    const state = run({ type: "conversation", conversation: closed }, { type: "start_new" }, { type: "message", message: own(9, { conversation_id: "c2" }) });
    expect(state.conversation).toEqual({ ...NO_CONVERSATION, id: "c2", status: "open" });
    expect(state.startingNew).toBe(false);
  });

  it("stays closed with a word that belongs to it", () => {
    const state = run({ type: "conversation", conversation: closed }, { type: "message", message: message(9) });
    expect(state.conversation).toEqual(closed);
  });

  it("moves on to the next question, which can then be answered", () => {
    const state = run({ type: "conversation", conversation: closed }, { type: "answering", on: true });
    expect(state.answering).toBe(true);
    expect(reduce(state, { type: "conversation", conversation: { ...closed, survey: "csat_comment" } }).answering).toBe(false);
  });
});

describe("the preview", () => {
  const unread = run({ type: "history", history: history([message(1)], { unread: 1 }) });

  it("shows the latest unread words while the panel is closed", () => {
    expect(preview(unread)?.id).toBe("1");
    expect(preview(reduce(unread, { type: "opened" }))).toBe(null);
    expect(preview(reduce(unread, { type: "unread", unread: 0 }))).toBe(null);
  });

  it("stays away once waved away, until there is something new", () => {
    const waved = reduce(unread, { type: "dismissed", id: "1" });
    expect(preview(waved)).toBe(null);
    expect(preview(reduce(waved, { type: "message", message: message(2) }))?.id).toBe("2");
  });

  it("is the message, not the words that close the conversation nor its survey", () => {
    const end = [message(2, { closing: true }), message(3, { survey: "csat_score" })];
    const back = run({ type: "history", history: history([message(1), ...end], { unread: 3 }) });
    expect(preview(back)?.id).toBe("1");
    const known = run({ type: "history", history: history([message(1), ...end], { unread: 2 }) });
    expect(preview(known)).toBe(null);
  });
});

describe("suggested replies", () => {
  const offer = { suggested_replies: [{ title: "Yes" }, { title: "See", url: "https://example.com/" }] };
  const closed: Conversation = { ...open, status: "closed" };
  const end = [message(8, { closing: true }), message(9, { survey: "csat_score" })];
  const live = (messages: Message[], conversation: Conversation): string[] => {
    const state = run({ type: "history", history: history(messages, { conversation }) });
    return timeline(state).flatMap((item) => (item.kind === "message" && item.replies.length ? [item.key] : []));
  };

  it.each([
    ["of an open conversation can be tapped", [message(1, offer), message(2)], open, ["1"]],
    ["go with an answer", [message(1, offer), own(2)], open, []],
    ["of a chat that closed unanswered still count", [message(1, offer), ...end], closed, ["1"]],
    ["stay when only the survey was answered", [message(1, offer), ...end, own(10, { survey: "csat_score", text: "5" })], closed, ["1"]],
    ["of an answered chat go when it closes", [message(1), own(2), message(3, offer), ...end], closed, []],
    ["of its last message only", [message(1, offer), message(2, offer), ...end], closed, ["2"]],
    ["of an earlier conversation go", [message(1, { ...offer, conversation_id: "c0" }), message(2, offer)], open, ["2"]],
    ["of the closing words are meant for then", [own(1), message(8, { closing: true, ...offer })], closed, ["8"]],
  ])("%s", (_, messages, conversation, expected) => {
    expect(live(messages, conversation)).toEqual(expected);
  });

  it("of a closed conversation keep their links", () => {
    const state = run({ type: "history", history: history([message(1), own(2), message(3, offer)], { conversation: closed }) });
    expect(timeline(state).flatMap((item) => (item.kind === "message" ? item.links.map((link) => link.title) : []))).toEqual(["See"]);
  });
});

it("the newest message of the business is what was shown", () => {
  expect(newestFromBusiness([message(1), own(2)])).toBe("1");
  expect(newestFromBusiness([own(2)])).toBe(null);
});
