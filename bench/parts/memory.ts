import { setTimeout as wait } from 'node:timers/promises'
import type { Bench } from '../bench.ts'
import { atMost, type Figures } from '../figures.ts'
import { throughput } from '../measure.ts'
import { withTargets, type Target } from '../target.ts'

const INTEGRATIONS = 10
const CALLS = 10_000
const REST_MS = 15_000

/** Memory at rest with ten integrations, after ten thousand calls, and after as many again: what grows and what stays. */
export async function memory({ table }: Bench): Promise<void> {
  await withTargets(
    10,
    async (targets) => {
      await wait(REST_MS)
      table.add('memory at rest, 10 integrations', 'MiB', await memoryOf(targets), atMost(78, 'MiB'))
      for (const calls of [CALLS, 2 * CALLS, 3 * CALLS]) {
        for (const { client, session } of targets) await throughput(CALLS, 64, () => client.call(session))
        const figure = `memory after ${calls.toLocaleString('en')} calls`
        table.add(figure, 'MiB', await memoryOf(targets), atMost(110, 'MiB'))
      }
      for (const { client, session } of targets) await throughput(60, 4, () => client.callLarge(session))
      table.add('memory after 60 answers of 1 MiB', 'MiB', await memoryOf(targets))
    },
    { integrations: INTEGRATIONS },
  )
}

async function memoryOf(targets: readonly Target[]): Promise<Figures> {
  const figures: Figures = {}
  for (const target of targets) figures[target.name] = (await target.usage()).rssBytes / 2 ** 20
  return figures
}
