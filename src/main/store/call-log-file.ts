import { renameSync, rmSync } from 'node:fs'
import type { Logger } from '../base/log.ts'
import type { CallLogSchema } from './calls-store.ts'
import { Database, isDamaged } from './database.ts'
import { callLogMigrations } from './migrations/call-log.ts'

interface CallLogFileOptions {
  log: Logger
  nativeBinding?: string | undefined
}

/** Opens the call log. A damaged one is put aside and a new one begun: no record is worth a gateway that does not start. */
export async function openCallLog(file: string, options: CallLogFileOptions): Promise<Database<CallLogSchema>> {
  const open = () =>
    Database.open<CallLogSchema>(file, { ...options, migrations: callLogMigrations, durability: 'normal' })
  try {
    return await open()
  } catch (error) {
    if (!isDamaged(error)) throw error
    const aside = `${file}.damaged-${new Date().toISOString().replaceAll(':', '-')}`
    renameSync(file, aside)
    for (const rest of ['-wal', '-shm']) rmSync(`${file}${rest}`, { force: true })
    options.log.warn({ file, aside }, 'the call log is damaged; it was put aside and a new one begun')
    return await open()
  }
}
