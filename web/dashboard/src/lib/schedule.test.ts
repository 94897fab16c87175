import { describe, expect, it } from "vitest";
import { cityOf, scheduledFor } from "./schedule";
import { deliveryWords, notSent, worthAnother } from "../words/values";

const at = "2026-11-26T00:00:00Z";
const now = new Date("2026-11-25T12:00:00Z");
/** Without what a locale puts between the parts. */
const told = (zone: string | null, own: string, moment = at): string => scheduledFor(moment, zone, own, now);

describe("when something goes out", () => {
  it("is told by their clock and by yours", () => {
    expect(told("Asia/Tokyo", "Europe/Berlin")).toMatch(/26.* 0?9:00.* Tokyo \(0?1:00.* yours\)$/);
  });
  it("names the day where yours is another", () => {
    expect(told("Asia/Tokyo", "America/New_York")).toMatch(/26.*Tokyo \(.*25.* 0?7:00.* yours\)$/);
  });
  it("needs one clock where both show the same, or theirs is not known", () => {
    for (const zone of ["Europe/Vienna", null, "No/Where"]) expect(told(zone, "Europe/Berlin")).not.toMatch(/yours|Vienna/);
  });
  it("names another year", () => {
    expect(told("Asia/Tokyo", "Europe/Berlin", "2027-01-02T00:00:00Z")).toContain("2027");
    expect(told("Asia/Tokyo", "Europe/Berlin")).not.toContain("2026");
  });
  it("calls a zone by its city", () => {
    expect(cityOf("America/Argentina/Buenos_Aires")).toBe("Buenos Aires");
    expect(cityOf("UTC")).toBe("UTC");
  });
});

describe("a message that did not go out", () => {
  const chat = (delivery_status: string, part: object = {}) => ({ delivery_status, wait_reason: null, skip_reason: null, error: null, ...part });
  it("says why in a line", () => {
    expect(notSent({ code: 21610, message: "The recipient has opted out of messages." })).toBe("Not sent: the recipient has opted out of messages.");
    expect(notSent({ code: 30007, message: "The phone network filtered the message." })).toMatch(/^Not delivered: the phone/);
    expect(notSent(null)).toBe("Not sent");
  });
  it("has a word of its own while it is scheduled and once it is cancelled", () => {
    expect(deliveryWords(chat("queued", { wait_reason: "scheduled" })).label).toBe("Scheduled");
    expect(deliveryWords(chat("queued")).label).toBe("Waiting");
    expect(deliveryWords(chat("skipped", { skip_reason: "cancelled" })).label).toBe("Cancelled");
    expect(deliveryWords(chat("skipped", { skip_reason: "opted_out" })).label).toBe("Not sent");
  });
  it("is offered once more where that can go better", () => {
    expect(worthAnother(chat("failed", { error: { code: 30008 } }))).toBe(true);
    expect(worthAnother(chat("failed", { error: { code: null } }))).toBe(true);
    expect(worthAnother(chat("failed", { error: { code: 21211 } }))).toBe(false);
    expect(worthAnother(chat("failed", { error: { code: 21610 } }))).toBe(false);
    expect(worthAnother(chat("skipped", { skip_reason: "cancelled" }))).toBe(true);
    expect(worthAnother(chat("skipped", { skip_reason: "opted_out" }))).toBe(false);
    expect(worthAnother(chat("delivered"))).toBe(false);
  });
});
