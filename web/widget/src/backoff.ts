/** How long to wait before the next try. */

const FIRST = 500;
const LONGEST = 30_000;

/**
 * Doubling from half a second to half a minute, spread so that a thousand browsers do not come back at once.
 *
 * @param attempt how many tries failed before, from 0
 * @param random between 0 and 1
 */
export function delay(attempt: number, random: number): number {
  const full = Math.min(LONGEST, FIRST * 2 ** Math.min(attempt, 10));
  return Math.round(full * (0.5 + random * 0.5));
}
