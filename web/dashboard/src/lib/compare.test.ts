import { describe, expect, it } from "vitest";
import { change, dayByDay, periodBefore } from "./compare";

const points = (value: string) => `${value} pts`;
const NOW = new Date(2026, 2, 10, 15, 30);
const at = (...moment: [number, number, number, number?, number?]) => new Date(...moment).toISOString();

describe("the period before", () => {
  it("is as long, and as much of it is counted as of this one", () => {
    expect(periodBefore({ period: "7d", campaign: "a" }, NOW)).toEqual({ campaign: "a", from: at(2026, 1, 25), to: at(2026, 2, 3, 15, 30) });
    expect(periodBefore({ period: "today" }, NOW)).toEqual({ from: at(2026, 2, 9), to: at(2026, 2, 9, 15, 30) });
  });
  it("ends where a period between two days begins", () => {
    expect(periodBefore({ from: "2026-03-03", to: "2026-03-04" }, NOW)).toEqual({ from: at(2026, 2, 1), to: at(2026, 2, 3) });
  });
  it("is not there without a beginning, or before it began", () => {
    expect(periodBefore({}, NOW)).toBeNull();
    expect(periodBefore({ to: "2026-03-04" }, NOW)).toBeNull();
    expect(periodBefore({ from: "2026-04-01" }, NOW)).toBeNull();
  });
});

describe("a change", () => {
  it.each([
    [150, 100, "count", "up", "50 %"],
    [99, 100, "count", "down", "1.0 %"],
    [100, 100, "count", "same", "0 %"],
    [5, 0, "count", "up", null],
    [0, 0, "count", "same", "0 %"],
    [0.48, 0.4, "rate", "up", "8.0 pts"],
    [4.2, 4.5, "score", "down", "0.3"],
    [4.21, 4.2, "score", "same", "0.0"],
  ] as const)("from %d to %d as a %s", (now, before, measure, direction, text) => {
    expect(change(now, before, measure, points)).toEqual({ direction, text });
  });
  it("is not told where a figure is missing", () => {
    expect(change(null, 3, "count", points)).toBeNull();
    expect(change(3, undefined, "count", points)).toBeNull();
  });
});

describe("days side by side", () => {
  it("have no gaps, and each has its counterpart", () => {
    const now = [{ day: "2026-03-01" }, { day: "2026-03-03" }];
    const before = [{ day: "2026-02-23" }];
    expect(dayByDay(now, before, 7)).toEqual([
      { day: "2026-03-01", now: now[0], before: null },
      { day: "2026-03-02", now: null, before: before[0] },
      { day: "2026-03-03", now: now[1], before: null },
    ]);
    expect(dayByDay([], [], 7)).toEqual([]);
  });
});
