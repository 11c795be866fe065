import { sql } from 'kysely'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startCore, type Core } from './core.ts'
import { Receiver } from './receiver.ts'

/** More than SQLite takes parameters. */
const MANY = 33_000

/** As if so many incidents had opened that wait for one notice. */
async function joined(its: Core, channelId: string, count: number): Promise<void> {
  const { kysely } = its.database
  const { id: deliveryId } = await kysely.selectFrom('deliveries').select('id').executeTakeFirstOrThrow()
  await sql`WITH RECURSIVE numbers(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM numbers WHERE i < ${count})
    INSERT INTO incidents SELECT 'many' || i, workspace, 1000 + i, type, severity, highest_severity, status, title,
      description, source, service, labels, 'many' || i, links, rca, opened_at, acknowledged_at, acknowledged_by,
      resolved_at, resolved_by, updated_at, event_count
    FROM numbers, (SELECT * FROM incidents LIMIT 1)`.execute(kysely)
  await sql`INSERT INTO notified (incident_id, channel_id, rules, told_at, delivery_id)
    SELECT id, ${channelId}, '[]', opened_at, ${deliveryId} FROM incidents WHERE id LIKE 'many%'`.execute(kysely)
}

it('a notice of more incidents than a statement takes parameters is sent once, and stands in every timeline', async () => {
  const receiver = await Receiver.start()
  const its = await startCore()
  onTestFinished(() => its.close())
  const hook = await its.webhook(receiver.url)
  await its.rule([hook.id], { grouping: { by: [], wait_s: 3, repeat_s: 0 } })
  await its.report({ title: 'first', dedupe_key: 'first' })
  await joined(its, hook.id, MANY)
  await vi.waitFor(async () => expect((await its.list())[0]?.state).toBe('delivered'))
  expect(receiver.received).toHaveLength(1)
  const { count } = await its.database.kysely
    .selectFrom('incident_timeline')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('kind', '=', 'delivered')
    .executeTakeFirstOrThrow()
  expect(count).toBe(MANY + 1)
  expect((await its.incidents.get('default', `many${MANY}`)).timeline.map(({ kind }) => kind)).toEqual(['delivered'])
})
