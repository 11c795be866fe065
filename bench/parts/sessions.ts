import { inTurns, type Bench } from '../bench.ts'
import { ratioAtLeast } from '../figures.ts'
import { median, throughput } from '../measure.ts'
import { withTargets } from '../target.ts'

const SESSIONS = 32

/** Many sessions at once, and sessions that come and go. */
export async function sessions(bench: Bench): Promise<void> {
  const { table, scaled } = bench
  await withTargets(
    10,
    async (targets) => {
      for (const target of targets) await throughput(scaled(2_000), 32, () => target.client.call(target.session))

      const many = await inTurns(bench, targets, async ({ client }) => {
        const opened = await Promise.all(Array.from({ length: SESSIONS }, () => client.open()))
        let turn = 0
        const rate = await throughput(scaled(2_500), SESSIONS, () => client.call(opened[turn++ % SESSIONS] ?? ''))
        await Promise.all(opened.map((session) => client.end(session)))
        return rate
      })
      table.addOfAll(`calls, ${SESSIONS} sessions`, '/s', (name) => median(many[name]), ratioAtLeast(3))

      const churn = await inTurns(bench, targets, ({ client }) =>
        throughput(scaled(200), 4, async () => {
          const session = await client.open()
          await client.list(session, 10)
          await client.call(session)
          await client.end(session)
        }),
      )
      table.addOfAll('sessions that open, list, call, end', '/s', (name) => median(churn[name]), ratioAtLeast(1.8))
    },
    bench,
  )
}
