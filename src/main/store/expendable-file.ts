import { renameSync, rmSync } from 'node:fs'
import type { Migration } from 'kysely/migration'
import type { Logger } from '../base/log.ts'
import { Database, isDamaged } from './database.ts'

export interface ExpendableFileOptions {
  log: Logger
  nativeBinding?: string | undefined
}

/**
 * Opens a file of records that may be lost. A damaged one is put aside and a new one begun: no record is worth a gateway
 * that does not start. `what` is what a person calls it.
 */
export async function openExpendable<Tables>(
  file: string,
  what: string,
  migrations: Record<string, Migration>,
  options: ExpendableFileOptions,
): Promise<Database<Tables>> {
  const open = () => Database.open<Tables>(file, { ...options, migrations, durability: 'normal' })
  try {
    return await open()
  } catch (error) {
    if (!isDamaged(error)) throw error
    const aside = `${file}.damaged-${new Date().toISOString().replaceAll(':', '-')}`
    renameSync(file, aside)
    for (const rest of ['-wal', '-shm']) rmSync(`${file}${rest}`, { force: true })
    options.log.warn({ file, aside }, `the ${what} is damaged; it was put aside and a new one begun`)
    return await open()
  }
}
