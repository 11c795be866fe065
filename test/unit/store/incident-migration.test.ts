import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import { Database } from '../../../src/main/store/database.ts'
import { migrations } from '../../../src/main/store/migrations/migrations.ts'
import { openDatabase, recordedLog, temporaryFolder } from './fresh-store.ts'

it('who was told of what stays known, without a severity that nobody read', async () => {
  const file = join(temporaryFolder(), 'gatehouse.db')
  const former = Object.entries(migrations).filter(([name]) => name <= '0007-incidents')
  const before = await Database.open(file, { log: recordedLog().log, migrations: Object.fromEntries(former) })
  const at = '2026-03-01T12:00:00.000Z'
  const statements = [
    sql`INSERT INTO channels VALUES ('c', 'default', 'email', 'c', 1, 'info', NULL, '{}', '{}', ${at}, ${at})`,
    sql`INSERT INTO incidents VALUES ('i', 'default', 1, 'incident', 'high', 'high', 'open', 't', '', '', '', '{}', 'k', '[]',
      NULL, ${at}, NULL, NULL, NULL, NULL, ${at}, 1)`,
    sql`INSERT INTO notified VALUES ('i', 'c', '[]', 'high', ${at}, ${at}, 'd', '{"ts":"1"}')`,
  ]
  for (const statement of statements) await statement.execute(before.kysely)
  await before.close()

  const { kysely } = await openDatabase(file)
  expect(await kysely.selectFrom('notified').selectAll().execute()).toEqual([
    {
      incident_id: 'i',
      channel_id: 'c',
      rules: '[]',
      told_at: at,
      repeat_at: at,
      delivery_id: 'd',
      reference: '{"ts":"1"}',
    },
  ])
  await kysely.deleteFrom('channels').execute()
  expect(await kysely.selectFrom('notified').selectAll().execute()).toEqual([])
})
