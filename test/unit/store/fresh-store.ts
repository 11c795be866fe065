import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { createLogger, type Logger } from '../../../src/main/base/log.ts'
import { Database } from '../../../src/main/store/database.ts'

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A logger whose lines can be read back. */
export function recordedLog(): { log: Logger; lines: string[] } {
  const lines: string[] = []
  return {
    lines,
    log: createLogger({ level: 'debug', pretty: false, destination: { write: (line) => lines.push(line) } }),
  }
}

export async function openDatabase(file: string): Promise<Database> {
  const database = await Database.open(file, { log: recordedLog().log })
  onTestFinished(() => database.close())
  return database
}

export async function freshDatabase(): Promise<Database> {
  return await openDatabase(join(temporaryFolder(), 'gatehouse.db'))
}
