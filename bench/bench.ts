import type { Table } from './figures.ts'
import { TARGETS, type Target, type TargetName } from './target.ts'

/** What every part of the bench works with. */
export interface Bench {
  table: Table
  /** Other gateways take part where they can. */
  peers: boolean
  /** So many times all targets take turns. */
  rounds: number
  /** A number of runs, fewer where the bench was asked to be quick. */
  scaled: (count: number) => number
}

/** Each target once a round, so that none has the quiet minute for itself. */
export async function inTurns<Value>(
  { rounds }: Bench,
  targets: readonly Target[],
  run: (target: Target) => Promise<Value>,
): Promise<Record<TargetName, Value[]>> {
  const values = Object.fromEntries(TARGETS.map((name) => [name, [] as Value[]])) as Record<TargetName, Value[]>
  for (let round = 0; round < rounds; round++) {
    for (const target of targets) values[target.name].push(await run(target))
  }
  return values
}
