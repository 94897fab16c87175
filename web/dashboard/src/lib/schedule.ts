/** When something goes out, by the clocks of those who send it and those who get it. */
import { known, OWN_ZONE, wallOf } from "./zone";

/** What a zone is called after: its city. */
export function cityOf(zone: string): string {
  return zone.split("/").at(-1)!.replaceAll("_", " ");
}

function shown(at: Date, zone: string, now: Date, withDay: boolean): string {
  const otherYear = wallOf(at, zone).slice(0, 4) !== wallOf(now, zone).slice(0, 4);
  return new Intl.DateTimeFormat(undefined, {
    timeZone: zone, hour: "2-digit", minute: "2-digit",
    ...(withDay && { day: "numeric", month: "short", ...(otherYear && { year: "numeric" }) }),
  }).format(at);
}

/** `26 Nov, 09:00 Tokyo (01:00 yours)`; one clock is enough where both show the same. */
export function scheduledFor(iso: string, zone: string | null | undefined, own = OWN_ZONE, now = new Date()): string {
  const at = new Date(iso);
  const mine = wallOf(at, own);
  if (!known(zone) || wallOf(at, zone) === mine) return shown(at, own, now, true);
  const otherDay = wallOf(at, zone).slice(0, 10) !== mine.slice(0, 10);
  return `${shown(at, zone, now, true)} ${cityOf(zone)} (${shown(at, own, now, otherDay)} yours)`;
}
