const FIRST_MS = 1_000
const LONGEST_MS = 5 * 60_000
const LEAST_MS = 100

/** How long after a failed attempt the next one is made: 1 s, 2, 4 … 5 min, and of that any part, so that many do not come at once. */
export function retryDelayMs(attempts: number, random: () => number): number {
  const most = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempts - 1, 30))
  return Math.max(LEAST_MS, Math.round(random() * most))
}
