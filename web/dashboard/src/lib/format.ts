/** Times, durations and names as people read them. */
import type { components } from "../api/schema";
import { naming } from "../words/common";

type Person = components["schemas"]["Person"];

const DAY = 86_400_000;
const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const short = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" });
const dated = new Intl.DateTimeFormat(undefined, {
  day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit",
});
const full = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "long" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", timeZone: "UTC" });
const whole = new Intl.NumberFormat();

export const number = (value: number): string => whole.format(value);

/** A moment, as short as it can be told apart from others: today only by the clock. */
export function when(iso: string | null | undefined, now = new Date()): string {
  if (!iso) return "–";
  const at = new Date(iso);
  if (at.toDateString() === now.toDateString()) return clock.format(at);
  return (at.getFullYear() === now.getFullYear() ? short : dated).format(at);
}

export const exactly = (iso: string): string => full.format(new Date(iso));
export const timeOfDay = (iso: string): string => clock.format(new Date(iso));
/** A calendar day such as 2026-03-01, which has no time zone. */
export const dayName = (iso: string): string => day.format(new Date(`${iso.slice(0, 10)}T00:00:00Z`));

/** How long ago, or in how long, roughly. */
export function ago(iso: string, now = Date.now()): string {
  const past = now - new Date(iso).getTime();
  const span = Math.abs(past);
  if (span < 45_000) return past >= 0 ? naming.justNow : naming.inAMoment;
  const words = span < 3_570_000 ? `${Math.round(span / 60_000)} min`
    : span < DAY ? `${Math.round(span / 3_600_000)} h`
    : `${Math.round(span / DAY)} d`;
  return past >= 0 ? naming.ago(words) : naming.in(words);
}

/** Seconds in the two largest units that matter. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 1) return seconds === 0 ? "0 s" : "< 1 s";
  // Nobody cares for the seconds of a quarter of an hour.
  const total = seconds < 600 ? Math.round(seconds) : Math.round(seconds / 60) * 60;
  const parts: [number, string][] = [
    [Math.floor(total / 86_400), "d"],
    [Math.floor(total / 3_600) % 24, "h"],
    [Math.floor(total / 60) % 60, "min"],
    [total % 60, "s"],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return parts.slice(first, first + 2).filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`).join(" ");
}

export function percent(rate: number | null | undefined): string {
  if (rate === null || rate === undefined) return "–";
  const value = rate * 100;
  return `${value > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} %`;
}

export function score(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : value.toFixed(1);
}

/** A phone number in groups, the way it is read aloud. Only North American ones have fixed groups. */
export function phone(e164: string): string {
  const american = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164);
  return american ? `+1 ${american[1]} ${american[2]} ${american[3]}` : e164;
}

/** What to call somebody. */
export function personName(person: Pick<Person, "nickname" | "user_id" | "phone_number">): string {
  return person.nickname ?? person.user_id ?? (person.phone_number ? phone(person.phone_number) : naming.anonymous);
}

/** A second line below the name, if it tells more. */
export function personDetail(person: Pick<Person, "nickname" | "user_id" | "phone_number">): string | null {
  const parts = [
    person.nickname && person.user_id,
    (person.nickname ?? person.user_id) && person.phone_number && phone(person.phone_number),
  ];
  return parts.filter(Boolean).join(" · ") || null;
}

export function initials(name: string): string {
  const letters = name.match(/\p{L}/gu) ? name.split(/\s+/).filter((word) => /\p{L}/u.test(word)) : [];
  if (!letters.length) return "#";
  return letters.slice(0, 2).map((word) => Array.from(word.replace(/^[^\p{L}]+/u, ""))[0]!.toUpperCase()).join("");
}
