import BetterSqlite3 from 'better-sqlite3'
import { Kysely, sql, SqliteDialect } from 'kysely'
import { expect, it, onTestFinished } from 'vitest'
import { IncidentsStore } from '../../../src/main/store/incidents-store.ts'
import type { Schema } from '../../../src/main/store/schema.ts'
import { freshIncidents, told, type Fixture } from './fixture.ts'

/** The same file, read by a store that is counted how often it makes a text. */
async function counted({ database }: Fixture): Promise<{ store: IncidentsStore; texts: () => number }> {
  const { rows } = await sql<{ file: string }>`SELECT file FROM pragma_database_list`.execute(database.kysely)
  const driver = new BetterSqlite3(rows[0]?.file ?? '')
  let made = 0
  driver.function('lower', { deterministic: true }, (text) => (made++, String(text).toLowerCase()))
  const kysely = new Kysely<Schema>({ dialect: new SqliteDialect({ database: driver }) })
  onTestFinished(() => kysely.destroy())
  return { store: new IncidentsStore({ kysely }), texts: () => made }
}

it('makes the text of an incident once, whatever the number of words', async () => {
  const fixture = await freshIncidents()
  const many = Array.from({ length: 20 }, (_, index) => told({ title: `a b c d e f g h i ${index}` }))
  await fixture.service.tell('default', many)
  const { store, texts } = await counted(fixture)
  expect(await store.count('default', { query: 'a b c d e f g h i' })).toBe(20)
  expect(texts()).toBe(20)
  expect(await store.list('default', { query: 'A b c d e f g h i' }, { limit: 50 })).toHaveLength(20)
  expect(texts()).toBe(40)
})

it('looks for each word once and for ten of them at most', async () => {
  const { service, tell } = await freshIncidents()
  await tell({ title: 'one two three four five six seven eight nine ten' })
  const total = async (query: string) => (await service.list('default', { query }, { limit: 10 })).total
  expect(await total('one two three four five six seven eight nine ten eleven')).toBe(1)
  expect(await total('one two three four five six seven eight nine eleven')).toBe(0)
  expect(await total(`${'one ONE '.repeat(20)} eleven`)).toBe(0)
  expect(await total(`${'one One '.repeat(20)} TEN`)).toBe(1)
  expect(await total('#1 ten')).toBe(1)
})
