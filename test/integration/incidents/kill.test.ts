import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, it, onTestFinished, vi } from 'vitest'
import { createLogger } from '../../../src/main/base/log.ts'
import { Database } from '../../../src/main/store/database.ts'
import { WorkspacesStore } from '../../../src/main/store/workspaces-store.ts'

vi.setConfig({ testTimeout: 240_000 })

const ROUNDS = 3
const log = createLogger({ level: 'warn' })
const writer = new URL('./intake-writer.ts', import.meta.url).pathname

/** Kills the writer in the middle of its work; the numbers of the events that it was told are taken. */
async function writeUntilKilled(file: string, first: number, atLeast: number): Promise<number[]> {
  const child = spawn(process.execPath, [writer, file, String(first)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text
    if (printed.split('\n').length > atLeast) child.kill('SIGKILL')
  })
  const [, signal] = (await ended) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
  // A line without its end was cut by the kill.
  return printed.split('\n').slice(0, -1).map(Number)
}

it('has every event that it said it has, and incidents, keys and timelines that fit, wherever it is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-incidents-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'gatehouse.db')
  const fresh = await Database.open(file, { log })
  const workspaces = new WorkspacesStore(fresh)
  if (!(await workspaces.list()).some(({ name }) => name === 'default')) {
    await workspaces.insert({ name: 'default', plan: 'pro', created_at: '2026-01-01T00:00:00.000Z' })
  }
  await fresh.close()
  for (let round = 0; round < ROUNDS; round++) {
    const taken = await writeUntilKilled(file, round * 1_000_000, 1 + Math.floor(Math.random() * 100))
    const database = await Database.open(file, { log })
    const rows = async <Row>(query: ReturnType<typeof sql<Row>>) => (await query.execute(database.kysely)).rows
    expect(await rows(sql`PRAGMA integrity_check`)).toEqual([{ integrity_check: 'ok' }])
    const titles = new Set(
      (await rows(sql<{ title: string }>`SELECT title FROM incident_events`)).map((row) => row.title),
    )
    expect(taken.filter((number) => !titles.has(`event ${number}`))).toEqual([])
    // Each open incident has its key and no other has one; each has as many events as it says, and was opened once.
    expect(
      await rows(
        sql`SELECT id FROM incidents WHERE (status = 'resolved') = (id IN (SELECT incident_id FROM incident_keys))`,
      ),
    ).toEqual([])
    expect(
      await rows(sql`SELECT id FROM incidents WHERE event_count <> (SELECT count(*) FROM incident_events WHERE incident_id = incidents.id)
        OR 1 <> (SELECT count(*) FROM incident_timeline WHERE incident_id = incidents.id AND kind = 'opened')`),
    ).toEqual([])
    expect(await rows(sql`SELECT max(number) - count(*) AS gaps FROM incidents`)).toEqual([{ gaps: 0 }])
    await database.close()
  }
})
