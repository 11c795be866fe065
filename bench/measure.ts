import type { Target } from './target.ts'

/** Milliseconds of `count` runs, one after the other. */
export async function timeEach(count: number, run: () => Promise<void>): Promise<number[]> {
  const times: number[] = []
  for (let index = 0; index < count; index++) {
    const started = performance.now()
    await run()
    times.push(performance.now() - started)
  }
  return times
}

/** Runs per second of `count` runs with `inFlight` of them at any time. */
export async function throughput(count: number, inFlight: number, run: () => Promise<void>): Promise<number> {
  let left = count
  const started = performance.now()
  const worker = async (): Promise<void> => {
    while (left-- > 0) await run()
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  return count / ((performance.now() - started) / 1000)
}

/** Microseconds of CPU that the target's process used for each of `count` runs. */
export async function cpuPerRun(target: Target, count: number, run: () => Promise<unknown>): Promise<number> {
  const before = await target.usage()
  await run()
  return ((await target.usage()).cpuMicroseconds - before.cpuMicroseconds) / count
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)
