/** Wall clocks of other time zones. */
export const OWN_ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Minutes that a zone's clock is ahead of UTC at a moment. */
function offset(zone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric",
    hour: "numeric", minute: "numeric", second: "numeric",
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((one) => one.type === type)!.value);
  const wall = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return Math.round((wall - Math.floor(at / 1000) * 1000) / 60_000);
}

/** The moment at which a zone's clock shows `wall` (`2026-03-01T09:30`). Where it shows it twice, the first; in a gap, after it. */
export function momentOf(wall: string, zone: string): Date | null {
  const read = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(wall);
  if (!read) return null;
  const [year, month, date, hour, minute] = read.slice(1).map(Number) as [number, number, number, number, number];
  const utc = Date.UTC(year, month - 1, date, hour, minute);
  const before = utc - offset(zone, utc - 86_400_000) * 60_000;
  const after = utc - offset(zone, utc + 86_400_000) * 60_000;
  const fits = [before, after].filter((at) => at + offset(zone, at) * 60_000 === utc);
  return new Date(fits.length ? Math.min(...fits) : before);
}

/** What a zone's clock shows at a moment, as an `<input type="datetime-local">` takes it. */
export function wallOf(at: Date, zone: string): string {
  return new Date(at.getTime() + offset(zone, at.getTime()) * 60_000).toISOString().slice(0, 16);
}

export function known(zone: string | null | undefined): zone is string {
  if (!zone) return false;
  try {
    Intl.DateTimeFormat(undefined, { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
