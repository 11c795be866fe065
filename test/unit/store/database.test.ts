import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import type { Migration } from 'kysely/migration'
import { describe, expect, it } from 'vitest'
import { Database } from '../../../src/main/store/database.ts'
import { migrations } from '../../../src/main/store/migrations/migrations.ts'
import { openDatabase, recordedLog, temporaryFolder } from './fresh-store.ts'

const { log } = recordedLog()

const later: Record<string, Migration> = {
  ...migrations,
  '9999-later': {
    async up(database) {
      await sql`CREATE TABLE later (id TEXT PRIMARY KEY) STRICT`.execute(database)
    },
  },
}

describe('a new database', () => {
  it('has the default workspace on the enterprise plan', async () => {
    const database = await openDatabase(join(temporaryFolder(), 'gatehouse.db'))
    const rows = await database.kysely.selectFrom('workspaces').select(['name', 'plan']).execute()
    expect(rows).toEqual([{ name: 'default', plan: 'enterprise' }])
  })

  it('is durable and consistent: WAL, synchronous FULL, foreign keys', async () => {
    const { kysely } = await openDatabase(join(temporaryFolder(), 'gatehouse.db'))
    const pragma = async (name: string) => (await sql.raw(`PRAGMA ${name}`).execute(kysely)).rows[0]
    expect(await pragma('journal_mode')).toEqual({ journal_mode: 'wal' })
    expect(await pragma('synchronous')).toEqual({ synchronous: 2 })
    expect(await pragma('foreign_keys')).toEqual({ foreign_keys: 1 })
  })

  it.skipIf(process.platform === 'win32')('is readable by its owner only, with its side files', async () => {
    const folder = temporaryFolder()
    const file = join(folder, 'gatehouse.db')
    writeFileSync(file, '', { mode: 0o644 })
    await openDatabase(file)
    const modes = readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)])
    expect(Object.fromEntries(modes)).toEqual({
      'gatehouse.db': '600',
      'gatehouse.db-shm': '600',
      'gatehouse.db-wal': '600',
    })
  })
})

describe('an existing database', () => {
  it('is copied aside before it is migrated, and keeps its rows', async () => {
    const file = join(temporaryFolder(), 'gatehouse.db')
    const before = await Database.open(file, { log })
    await before.kysely.insertInto('meta').values({ key: 'k', value: 'kept' }).execute()
    await before.close()

    const after = await Database.open(file, { log, migrations: later })
    expect(await after.kysely.selectFrom('meta').select('value').execute()).toEqual([{ value: 'kept' }])
    await after.close()

    const backup = await openDatabase(`${file}.before-9999-later.bak`)
    expect(await backup.kysely.selectFrom('meta').select('value').execute()).toEqual([{ value: 'kept' }])
  })

  it('that is up to date is not copied', async () => {
    const folder = temporaryFolder()
    await (await Database.open(join(folder, 'gatehouse.db'), { log })).close()
    await (await Database.open(join(folder, 'gatehouse.db'), { log })).close()
    expect(readdirSync(folder)).toEqual(['gatehouse.db'])
  })

  it('is left as it was when a migration fails half-way', async () => {
    const file = join(temporaryFolder(), 'gatehouse.db')
    await (await Database.open(file, { log })).close()
    const failing: Record<string, Migration> = {
      ...later,
      '9999-mistake': { up: () => Promise.reject(new Error('does not work')) },
    }
    await expect(Database.open(file, { log, migrations: failing })).rejects.toThrow(/could not be brought up to date/)
    const database = await openDatabase(file)
    const tables = await database.kysely.introspection.getTables()
    expect(tables.map((table) => table.name)).not.toContain('later')
  })

  it('made by a newer Gatehouse is refused and stays byte for byte', async () => {
    const file = join(temporaryFolder(), 'gatehouse.db')
    await (await Database.open(file, { log, migrations: later })).close()
    const before = readFileSync(file)
    await expect(Database.open(file, { log })).rejects.toThrow(/newer Gatehouse \(it has 9999-later\)/)
    expect(readFileSync(file).equals(before)).toBe(true)
  })

  it('with a damaged page is reported, not replaced', async () => {
    const file = join(temporaryFolder(), 'gatehouse.db')
    await (await Database.open(file, { log })).close()
    const bytes = readFileSync(file)
    bytes.fill(0xff, 4096, 3 * 4096)
    writeFileSync(file, bytes)
    await expect(Database.open(file, { log })).rejects.toThrow(`The database ${file} is damaged`)
    expect(readFileSync(file).equals(bytes)).toBe(true)
  })

  it('that is no database at all is reported, not replaced', async () => {
    const file = join(temporaryFolder(), 'gatehouse.db')
    writeFileSync(file, 'this is a text file, and a long one at that'.repeat(100))
    await expect(Database.open(file, { log })).rejects.toThrow(`The database ${file} is damaged`)
    expect(readFileSync(file, 'utf8')).toMatch(/^this is a text file/)
  })

  it('that can not be written is reported with what to do', async () => {
    const file = join(temporaryFolder(), 'gatehouse.db')
    mkdirSync(file)
    await expect(Database.open(file, { log })).rejects.toThrow(/--data-dir/)
    expect(existsSync(file)).toBe(true)
  })
})

describe('whole rows', () => {
  const rowsOf = (from: number, count: number) =>
    Array.from({ length: count }, (_, index) => [`k${String(from + index).padStart(4, '0')}`, `v${from + index}`])

  it('are inserted however many they are', async () => {
    const database = await openDatabase(join(temporaryFolder(), 'gatehouse.db'))
    await database.insertRows({ meta: rowsOf(0, 123) })
    await database.insertRows({ meta: [] })
    await database.insertRows({ meta: rowsOf(123, 50) })

    const rows = await database.kysely
      .selectFrom('meta')
      .selectAll()
      .where('key', 'like', 'k0%')
      .orderBy('key')
      .execute()
    expect(rows).toEqual(rowsOf(0, 173).map(([key, value]) => ({ key, value })))
  })

  it('are all there or none, of every table', async () => {
    const database = await openDatabase(join(temporaryFolder(), 'gatehouse.db'))
    const inserted = database.insertRows({ meta: rowsOf(0, 60), workspaces: [['default']] })

    await expect(inserted).rejects.toThrow(/workspaces/)
    expect(await database.kysely.selectFrom('meta').selectAll().where('key', 'like', 'k0%').execute()).toEqual([])
  })

  it('wait for a transaction that somebody is in the middle of', async () => {
    let endIt = (): void => undefined
    const end = new Promise<void>((resolve) => {
      endIt = resolve
    })
    const database = await openDatabase(join(temporaryFolder(), 'gatehouse.db'))
    const transaction = database.kysely.transaction().execute(async (within) => {
      await within.insertInto('meta').values({ key: 'other', value: '' }).execute()
      await end
      throw new Error('rolled back')
    })
    const inserted = database.insertRows({ meta: rowsOf(0, 2) })
    endIt()

    await expect(transaction).rejects.toThrow('rolled back')
    await inserted
    const rows = await database.kysely.selectFrom('meta').select('key').where('key', 'in', ['other', 'k0000']).execute()
    expect(rows).toEqual([{ key: 'k0000' }])
  })
})
