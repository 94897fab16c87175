/** A period against the one before it. */
import { apiFilters, type Filters } from "./filters";

export interface Bounds {
  from: string;
  to: string;
}

/** The same filters for the time just before, as long; null where the filters have no beginning. What is not over yet is
 * compared with as much of the time before, by the clock: today until ten with yesterday until ten. */
export function periodBefore(filters: Filters, now = new Date()): (Record<string, string> & Bounds) | null {
  const asked = apiFilters(filters, now);
  if (!asked.from) return null;
  const from = new Date(asked.from);
  const to = asked.to && new Date(asked.to) < now ? new Date(asked.to) : now;
  // To the end of its last day the period is so many days long; on the wall, whatever the clocks did meanwhile.
  const whole = asked.to ? new Date(asked.to) : new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1);
  const days = Math.round((whole.getTime() - from.getTime()) / 86_400_000);
  if (days < 1 || to <= from) return null;
  return { ...asked, from: daysBefore(from, days).toISOString(), to: daysBefore(to, days).toISOString() };
}

function daysBefore(at: Date, days: number): Date {
  const moved = new Date(at);
  moved.setDate(at.getDate() - days);
  return moved;
}

/** How a figure is compared: by how much of it, by points of a rate, or by the difference of a score. */
export type Measure = "count" | "rate" | "score";

export interface Change {
  direction: "up" | "down" | "same";
  /** Without a sign; null where the figure was zero before. */
  text: string | null;
}

/** What became of a figure since the period before; null where one of them is not there. */
export function change(now: number | null | undefined, before: number | null | undefined, measure: Measure, points: (value: string) => string): Change | null {
  if (now === null || now === undefined || before === null || before === undefined) return null;
  const text = difference(Math.abs(now - before), before, measure, points);
  const same = text !== null && !/[1-9]/.test(text);
  return { direction: same ? "same" : now > before ? "up" : now < before ? "down" : "same", text };
}

function difference(by: number, before: number, measure: Measure, points: (value: string) => string): string | null {
  if (measure === "rate") return points(short(by * 100));
  if (measure === "score") return by.toFixed(1);
  if (before === 0) return by === 0 ? "0 %" : null;
  return `${short((by / before) * 100)} %`;
}

const short = (value: number): string => (value > 0 && value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString());

const DAY = 86_400_000;

interface OnDay {
  day: string;
}

/** One day of a chart: what is known of it, and of the day as far into the period before. */
export interface Pair<T extends OnDay> extends OnDay {
  now: T | null;
  before: T | null;
}

/**
 * All days from the first to the last that either period knows something of, without gaps: a day on which nothing
 * happened is a day too.
 *
 * @param shift Days between the beginnings of the two periods.
 */
export function dayByDay<T extends OnDay>(now: readonly T[], before: readonly T[], shift: number): Pair<T>[] {
  const at = (day: string, moved = 0): number => Date.parse(`${day.slice(0, 10)}T00:00:00Z`) / DAY + moved;
  const here = new Map(now.map((one) => [at(one.day), one]));
  const there = new Map(before.map((one) => [at(one.day, shift), one]));
  const known = [...here.keys(), ...there.keys()];
  if (!known.length) return [];
  const first = Math.min(...known);
  return Array.from({ length: Math.max(...known) - first + 1 }, (_, index) => {
    const day = first + index;
    return { day: new Date(day * DAY).toISOString().slice(0, 10), now: here.get(day) ?? null, before: there.get(day) ?? null };
  });
}
