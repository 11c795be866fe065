import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { expect, it, onTestFinished } from 'vitest'
import { createLogger } from '../../../src/main/base/log.ts'
import { AgentsStore } from '../../../src/main/store/agents-store.ts'
import { Database } from '../../../src/main/store/database.ts'

const ROUNDS = 6
const writer = new URL('./writer.ts', import.meta.url).pathname

/** Kills the writer in the middle of its work; the last number that it printed. */
async function writeUntilKilled(file: string, atLeast: number): Promise<number> {
  const child = spawn(process.execPath, [writer, file], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'close')
  let printed = ''
  let lines = 0
  child.stdout.setEncoding('utf8')
  child.stdout.on('data', (text: string) => {
    printed += text
    lines += text.split('\n').length - 1
    if (lines >= atLeast) child.kill('SIGKILL')
  })
  const [, signal] = (await ended) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
  // A line without its end was cut by the kill.
  return Number(printed.split('\n').at(-2))
}

it('loses nothing that was committed and corrupts nothing when it is killed while writing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-kill-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'gatehouse.db')
  for (let round = 0; round < ROUNDS; round++) {
    const last = await writeUntilKilled(file, 1 + Math.floor(Math.random() * 200))
    const database = await Database.open(file, { log: createLogger({ level: 'warn' }) })
    const check = await sql<{ integrity_check: string }>`PRAGMA integrity_check`.execute(database.kysely)
    const numbers = (await new AgentsStore(database).listAll()).map(({ id }) => Number(id)).sort((a, b) => a - b)
    await database.close()
    expect(check.rows).toEqual([{ integrity_check: 'ok' }])
    expect(numbers).toEqual(numbers.map((_, index) => index))
    expect(numbers.length).toBeGreaterThan(last)
  }
})

it('frees the data directory when its holder is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-lock-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const first = holdLock(folder)
  expect(await first.said).toBe('held\n')
  const second = holdLock(folder)
  expect(await second.said).toContain(`Another Gatehouse (pid ${first.pid}, http://127.0.0.1:7420/mcp) is running`)
  expect(await second.ended).toEqual([1, null])
  first.kill()
  await first.ended
  expect(await holdLock(folder).said).toBe('held\n')
})

/** A process that takes the data directory, says so or says why not, and stays until the test is over. */
function holdLock(folder: string) {
  const holder = new URL('./lock-holder.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [holder, folder], { stdio: ['ignore', 'pipe', 'ignore'] })
  const ended = once(child, 'close')
  const kill = () => child.kill('SIGKILL')
  onTestFinished(async () => {
    kill()
    await ended
  })
  const said = once(child.stdout.setEncoding('utf8'), 'data').then(([text]) => String(text))
  return { pid: child.pid, said, ended, kill }
}
