import type { CompiledQuery, KyselyPlugin } from 'kysely'
import { expect, it } from 'vitest'
import { firstIdAt } from '../../../src/main/incidents/ids-after.ts'
import { TimeIds } from '../../../src/main/base/time-id.ts'
import { UNTRIED } from '../../../src/main/notifications/new-delivery.ts'
import type { Database } from '../../../src/main/store/database.ts'
import { insertDeliveries, type StoredDelivery } from '../../../src/main/store/delivery-rows.ts'
import { DueStore } from '../../../src/main/store/due-store.ts'
import { freshDatabase } from './fresh-store.ts'

const DAY_MS = 86_400_000

function delivery(atMs: number, state: StoredDelivery['state']): StoredDelivery {
  return {
    ...UNTRIED,
    id: new TimeIds(() => atMs).next(),
    workspace: 'default',
    createdAt: new Date(atMs).toISOString(),
    channelId: 'c',
    channelName: 'c',
    channelKind: 'webhook',
    action: 'open',
    state,
    title: state,
    severity: 'high',
    rules: [],
    incidentIds: [],
    eventIds: [],
    eventCount: 1,
    because: '',
  }
}

/** How SQLite would do what goes through it. */
function explaining({ kysely }: Database): { database: Pick<Database, 'kysely'>; plans: () => Promise<string[]> } {
  const seen: CompiledQuery[] = []
  const plugin: KyselyPlugin = {
    transformQuery: ({ node, queryId }) => {
      seen.push(kysely.getExecutor().compileQuery(node, queryId))
      return node
    },
    transformResult: ({ result }) => Promise.resolve(result),
  }
  const plans = async () => {
    const rows = await Promise.all(
      seen.map((query) =>
        kysely.executeQuery<{ detail: string }>({ ...query, sql: `EXPLAIN QUERY PLAN ${query.sql}` }),
      ),
    )
    return rows.flatMap((result) => result.rows.map(({ detail }) => detail))
  }
  return { database: { kysely: kysely.withPlugin(plugin) }, plans }
}

it('old deliveries are deleted when they are finished, without a look at those that are kept', async () => {
  const database = await freshDatabase()
  const nowMs = Date.parse('2026-06-01T00:00:00.000Z')
  const old = (['delivered', 'failed', 'withdrawn', 'retrying'] as const).map((state) => delivery(nowMs, state))
  const kept = delivery(nowMs + 2 * DAY_MS, 'delivered')
  await database.kysely.transaction().execute((transaction) => insertDeliveries(transaction, [...old, kept]))
  const { database: explained, plans } = explaining(database)
  const due = new DueStore(explained)
  expect(await due.deleteFinished(firstIdAt(nowMs + DAY_MS))).toBe(3)
  expect(await due.deleteFinished(firstIdAt(nowMs + DAY_MS))).toBe(0)
  const left = await database.kysely.selectFrom('deliveries').select('state').orderBy('sequence').execute()
  expect(left.map(({ state }) => state)).toEqual(['retrying', 'delivered'])
  expect((await plans()).filter((detail) => detail.startsWith('SCAN deliveries'))).toEqual([])
})
