import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ceiling } from "../charts/charts";
import { problemOf } from "../api/problems";
import { changes } from "./changes";
import { apiFilters, count, csvLink, filterSearch, onDay, parseFilters } from "./filters";
import { ago, duration, initials, percent, personDetail, personName } from "./format";
import { safeReturn } from "./returnPath";
import { counterText, measure, variables } from "./sms";
import { consentSentence } from "../words/values";
import { momentOf, wallOf } from "./zone";

interface SmsCase {
  text: string;
  times?: number;
  encoding: string;
  characters: number;
  segments: number;
}

/** The server counts by the same table. */
const SMS_CASES = JSON.parse(readFileSync(new URL("../../../../tests/sms_cases.json", import.meta.url), "utf-8")) as SmsCase[];

describe("filters in the address", () => {
  it("come back as they were set", () => {
    const filters = { period: "7d", channel_type: "sms", response_status: "responded", campaign: "Früh & spät", csat: "5" };
    expect(parseFilters(filterSearch(filters))).toEqual(filters);
  });
  it("are the same text for the same filters", () => {
    expect(filterSearch({ campaign: "a", channel_type: "sms" })).toBe(filterSearch({ channel_type: "sms", campaign: "a" }));
    expect(filterSearch({})).toBe("");
  });
  it("leave out what is not known or makes no sense", () => {
    expect(parseFilters("?evil=1&period=never&from=yesterday&status=open&campaign=%20")).toEqual({ status: "open" });
  });
  it("let a named period win over bounds", () => {
    expect(parseFilters("?period=today&from=2026-01-01")).toEqual({ period: "today" });
  });
  it("of one day stay within those of the page", () => {
    const whole = onDay({ period: "90d", campaign: "a" }, "2026-03-02", new Date("2026-03-10T12:00:00Z"));
    expect(whole).toEqual({ campaign: "a", from: "2026-03-02T00:00:00.000Z", to: "2026-03-03T00:00:00.000Z" });
    const cut = onDay({ from: "2026-03-02T15:00:00Z", to: "2026-03-02T18:00:00Z" }, "2026-03-02");
    expect(apiFilters(cut)).toEqual({ from: "2026-03-02T15:00:00.000Z", to: "2026-03-02T18:00:00.000Z" });
  });
  it("mean whole days of this clock", () => {
    const now = new Date(2026, 2, 10, 15, 30);
    expect(apiFilters({ period: "7d" }, now)).toEqual({ from: new Date(2026, 2, 4).toISOString() });
    expect(apiFilters({ from: "2026-03-01", to: "2026-03-02" }, now)).toEqual({
      from: new Date(2026, 2, 1).toISOString(),
      to: new Date(2026, 2, 3).toISOString(),
    });
  });
  it("count the period once", () => {
    expect(count({ from: "2026-01-01", to: "2026-01-02", campaign: "x" })).toBe(2);
  });
  it("are the file's filters too", () => {
    expect(csvLink("/v1/proactive-chats.csv", { channel_type: "sms", campaign: "a&b" })).toBe("/v1/proactive-chats.csv?channel_type=sms&campaign=a%26b");
  });
});

describe("the counter of an SMS", () => {
  it.each(SMS_CASES)("%#: $times $text", ({ text, times, encoding, characters, segments }) => {
    expect(measure(text.repeat(times ?? 1))).toMatchObject({ encoding, characters, segments });
  });
  it("says what makes it UCS-2", () => {
    expect(measure("Grüße “ab”").unusual).toBe("“");
  });
  it("is written with the right plurals", () => {
    expect(counterText({ characters: 1, segments: 1, encoding: "GSM-7" })).toBe("1 character · 1 segment · GSM-7");
    expect(counterText({ characters: 2, segments: 2, encoding: "UCS-2" })).toBe("2 characters · 2 segments · UCS-2");
  });
  it("finds variables", () => {
    expect(variables("Hi {{ nickname | there }}, {{plan}} {{ nickname }}")).toEqual(["nickname", "plan"]);
  });
});

describe("words", () => {
  it.each([[null, "–"], [0, "0 s"], [0.4, "< 1 s"], [59.6, "1 min"], [61, "1 min 1 s"], [1_083, "18 min"], [3_600, "1 h"], [90_061, "1 d 1 h"]])("duration of %s", (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });
  it.each([[null, "–"], [0, "0 %"], [0.05, "5.0 %"], [0.5, "50 %"], [1, "100 %"]])("percent of %s", (rate, text) => {
    expect(percent(rate)).toBe(text);
  });
  it("tells the time from now", () => {
    const now = Date.parse("2026-03-01T12:00:00Z");
    expect(ago("2026-03-01T11:59:50Z", now)).toBe("just now");
    expect(ago("2026-03-01T11:00:00Z", now)).toBe("1 h ago");
    expect(ago("2026-03-03T12:00:00Z", now)).toBe("in 2 d");
  });
  it("names people by the best name there is", () => {
    const person = { nickname: null, user_id: null, phone_number: "+14155550123" };
    expect(personName(person)).toBe("+1 415 555 0123");
    expect(personDetail(person)).toBeNull();
    expect(personDetail({ ...person, nickname: "Ada", user_id: "u1" })).toBe("u1 · +1 415 555 0123");
  });
  it.each([["Ada Lovelace", "AL"], ["雪", "雪"], ["<script>", "S"], ["+1 415", "#"], ["", "#"]])("initials of %s", (name, letters) => {
    expect(initials(name)).toBe(letters);
  });
});

describe("the top of a chart", () => {
  it.each([[0, 1], [1, 1], [2, 2], [3, 4], [5, 6], [9, 10], [10, 10], [25, 40], [175, 200], [1_001, 2_000]])("for %s is %s", (value, top) => {
    expect(ceiling(value)).toBe(top);
  });
});

describe("where to go after signing in", () => {
  const origin = "https://dashboard.example";
  it.each(["/inbox?view=mine", "/proactive-chats/1"])("goes back to %s", (path) => expect(safeReturn(path, origin)).toBe(path));
  it.each([null, "", "https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\t/evil.example", "inbox", "/signin?return=/signin"])(
    "never goes to %s",
    (path) => expect(safeReturn(path, origin)).toBe("/"),
  );
});

describe("other people's clocks", () => {
  it("tell the moment", () => {
    expect(momentOf("2026-01-15T09:30", "Europe/Vienna")?.toISOString()).toBe("2026-01-15T08:30:00.000Z");
    expect(momentOf("2026-07-15T09:30", "America/New_York")?.toISOString()).toBe("2026-07-15T13:30:00.000Z");
    expect(momentOf("2026-07-15T09:30", "Asia/Kolkata")?.toISOString()).toBe("2026-07-15T04:00:00.000Z");
  });
  it("take the first of two moments, and go on after a gap", () => {
    expect(momentOf("2026-10-25T02:30", "Europe/Vienna")?.toISOString()).toBe("2026-10-25T00:30:00.000Z");
    expect(momentOf("2026-03-29T02:30", "Europe/Vienna")?.toISOString()).toBe("2026-03-29T01:30:00.000Z");
  });
  it("show what they showed", () => {
    expect(wallOf(new Date("2026-01-15T08:30:00Z"), "Europe/Vienna")).toBe("2026-01-15T09:30");
    expect(momentOf("", "Europe/Vienna")).toBeNull();
  });
});

describe("changes of settings", () => {
  it("are what differs, and whole where the API takes it whole", () => {
    const before = { sms: { a: 1, b: null }, quiet_hours: { start: "21:00", end: "08:00" }, if_active: "skip" };
    const after = { sms: { a: 1, b: "x" }, quiet_hours: { start: "22:00", end: "08:00" }, if_active: "skip" };
    expect(changes(before, after)).toEqual({ sms: { b: "x" }, quiet_hours: { start: "22:00", end: "08:00" } });
    expect(changes(before, before)).toEqual({});
  });
});

describe("problems in words", () => {
  it("name the fields", () => {
    const problem = problemOf(422, { detail: "Too long.", field: "message", errors: [{ field: "campaign", detail: "No." }] }, null);
    expect(problem).toMatchObject({ kind: "invalid", fields: { message: "Too long.", campaign: "No." }, passing: false });
  });
  it("say how long to wait", () => {
    expect(problemOf(429, {}, "30").message).toContain("30 seconds");
    expect(problemOf(429, {}, "600").message).toContain("10 minutes");
  });
  it("stand answers that are no problem document", () => {
    expect(problemOf(502, "<html>", null)).toMatchObject({ kind: "broken", passing: true });
    expect(problemOf(409, null, null).kind).toBe("conflict");
  });
});

describe("the history of consent", () => {
  it("says whose word it was", () => {
    expect(consentSentence({ kind: "asked", by: "business", name: null })).toBe("Consent message sent");
    expect(consentSentence({ kind: "refused", by: "business", name: "Ada" })).toBe("Consent refused, recorded by Ada");
    expect(consentSentence({ kind: "opted_out", by: "recipient", name: null })).toBe("Opted out by STOP");
    expect(consentSentence({ kind: "opted_in", by: "recipient", name: null })).toBe("Opted in again by START");
    expect(consentSentence({ kind: "opted_out", by: "carrier", name: null })).toBe("Opted out, reported by the carrier");
    expect(consentSentence({ kind: "opted_out", by: "unknown", name: null })).toBe("Opted out");
  });
});
