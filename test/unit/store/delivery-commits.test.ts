import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sql } from 'kysely'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { createLogger } from '../../../src/main/base/log.ts'
import { Database } from '../../../src/main/store/database.ts'
import { DeliveryCommits } from '../../../src/main/store/delivery-commits.ts'
import { openDatabase, temporaryFolder } from './fresh-store.ts'

async function opened() {
  const folder = temporaryFolder()
  const file = join(folder, 'gatehouse.db')
  const database = await openDatabase(file)
  const clock = { ms: 1_000 }
  const commits = new DeliveryCommits(database, () => clock.ms)
  onTestFinished(() => commits.close())
  return { folder, file, database, clock, commits }
}

/** 2: the commit waits for the disk; 1: it does not. */
async function waits(database: Pick<Database, 'kysely'>): Promise<number> {
  const { rows } = await sql<{ synchronous: number }>`PRAGMA synchronous`.execute(database.kysely)
  return rows[0]?.synchronous ?? 0
}

describe('commits of the outbox', () => {
  it('wait for the disk once in a tenth of a second, and all others always', async () => {
    const { database, clock, commits } = await opened()
    const inside = () => commits.run((transaction) => waits({ kysely: transaction }))
    expect(await inside()).toBe(2)
    expect([await inside(), await inside()]).toEqual([1, 1])
    expect(await waits(database)).toBe(2)
    const others = await Promise.all([inside(), waits(database), inside(), waits(database)])
    expect(others).toEqual([1, 2, 1, 2])
    clock.ms += 100
    expect([await inside(), await inside()]).toEqual([2, 1])
  })

  it('are all or nothing, and leave others as they were', async () => {
    const { database, commits } = await opened()
    for (let run = 0; run < 2; run++) {
      const failing = commits.run(async (transaction) => {
        await transaction.insertInto('meta').values({ key: 'half', value: '' }).execute()
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      await commits.run(() => Promise.resolve())
    }
    expect(await waits(database)).toBe(2)
    expect(await database.kysely.selectFrom('meta').selectAll().where('key', '=', 'half').execute()).toEqual([])
  })

  it('get to the disk also where nothing follows', async () => {
    const { folder, file, commits } = await opened()
    await commits.run(() => Promise.resolve())
    await commits.run(async (transaction) => {
      await transaction.insertInto('meta').values({ key: 'last', value: '' }).execute()
    })
    // Without its write-ahead log the file has what a checkpoint brought there.
    const copy = join(folder, 'copy.db')
    await vi.waitFor(async () => {
      await copyFile(file, copy)
      const found = await Database.open(copy, { log: createLogger({ level: 'silent' }) })
      const rows = await found.kysely.selectFrom('meta').selectAll().where('key', '=', 'last').execute()
      await found.close()
      expect(rows).toHaveLength(1)
    }, 5_000)
  })
})
