import type { CallLogSchema } from './calls-store.ts'
import type { Database } from './database.ts'
import { openExpendable, type ExpendableFileOptions } from './expendable-file.ts'
import { callLogMigrations } from './migrations/call-log.ts'

export async function openCallLog(file: string, options: ExpendableFileOptions): Promise<Database<CallLogSchema>> {
  return await openExpendable(file, 'call log', callLogMigrations, options)
}
