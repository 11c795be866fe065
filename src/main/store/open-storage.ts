import type { Closing } from '../base/closing.ts'
import { DataDir } from '../base/data-dir.ts'
import type { Logger } from '../base/log.ts'
import { openCallLog } from './call-log-file.ts'
import type { CallLogSchema } from './calls-store.ts'
import { Database } from './database.ts'
import { InstanceLock } from './instance-lock.ts'

interface StorageOptions {
  dataDir: string
  nativeBinding?: string | undefined
  log: Logger
}

export interface Storage {
  dataDir: DataDir
  database: Database
  callLog: Database<CallLogSchema>
}

/** Opens the data folder for this process alone, and what is kept in it. */
export async function openStorage(options: StorageOptions, closing: Closing): Promise<Storage> {
  const { nativeBinding, log } = options
  const dataDir = DataDir.open(options.dataDir)
  const lock = InstanceLock.take(dataDir, options)
  closing.add(() => lock.release())
  // A former gateway that was killed left its own, and it would be named as the one that runs.
  dataDir.removeRunFile()
  const database = await Database.open(dataDir.databaseFile, { nativeBinding, log })
  closing.add(() => database.close())
  const callLog = await openCallLog(dataDir.callLogFile, { nativeBinding, log })
  closing.add(() => callLog.close())
  return { dataDir, database, callLog }
}
