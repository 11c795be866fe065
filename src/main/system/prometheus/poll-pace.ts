/** A failure, or what looks like one, is looked at again soon, however long the interval is. */
const SOON_MS = 30_000
const MOST_BACKOFF_MS = 300_000
/** Failures in a row until the server counts as lost; from then on it is asked less and less often. */
export const FAILURES_UNTIL_LOST = 3
const JITTER = 0.1

/** How long to wait until the next poll, in milliseconds: up to a tenth more or less, so that many do not ask together. */
export function pauseMs(
  { intervalMs, failures, inDoubt }: { intervalMs: number; failures: number; inDoubt: boolean },
  random: () => number = Math.random,
): number {
  return pause(intervalMs, failures, inDoubt) * (1 - JITTER + 2 * JITTER * random())
}

/** Two polls that are closer to each other count as one look: the same scrape would be seen twice. */
export function leastBetweenLooksMs(intervalMs: number): number {
  return Math.min(intervalMs, SOON_MS) / 2
}

function pause(intervalMs: number, failures: number, inDoubt: boolean): number {
  const soon = Math.min(intervalMs, SOON_MS)
  if (failures === 0) return inDoubt ? soon : intervalMs
  if (failures < FAILURES_UNTIL_LOST) return soon
  const backoff = soon * 2 ** Math.min(failures - FAILURES_UNTIL_LOST, 10)
  return Math.min(backoff, Math.max(intervalMs, MOST_BACKOFF_MS))
}
