import { sql, type Transaction } from 'kysely'
import type { Database } from './database.ts'
import type { Schema } from './schema.ts'

/** So long a commit may wait for the disk. */
const SHARED_MS = 100

/**
 * Commits of what became of notices. They share their waits for the disk: one in a tenth of a second, whatever the number of
 * channels and notices. A program that is killed loses none of them. A power failure may take the last of them, and only them:
 * what is on the disk is always a beginning of what was committed. Then those notices are sent again, under the same ids.
 */
export class DeliveryCommits {
  readonly #database: Pick<Database, 'kysely'>
  readonly #now: () => number
  #onDiskMs = -Infinity
  #timer: NodeJS.Timeout | undefined
  #isClosed = false

  constructor(database: Pick<Database, 'kysely'>, now: () => number = () => performance.now()) {
    this.#database = database
    this.#now = now
  }

  async run<Result>(work: (transaction: Transaction<Schema>) => Promise<Result>): Promise<Result> {
    const { kysely } = this.#database
    if (this.#now() - this.#onDiskMs >= SHARED_MS) {
      const result = await kysely.transaction().execute(work)
      this.#onDisk()
      return result
    }
    const result = await kysely.connection().execute(async (connection) => {
      await sql`PRAGMA synchronous = NORMAL`.execute(connection)
      try {
        return await connection.transaction().execute(work)
      } finally {
        await sql`PRAGMA synchronous = FULL`.execute(connection)
      }
    })
    if (!this.#isClosed) this.#timer ??= setTimeout(() => void this.#wait(), SHARED_MS).unref()
    return result
  }

  /** What waits for the disk gets there when the database is closed. */
  close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  /** Nothing follows that would take the last ones to the disk. A checkpoint does; where it fails, the next commit says so. */
  async #wait(): Promise<void> {
    this.#onDisk()
    await sql`PRAGMA wal_checkpoint(PASSIVE)`.execute(this.#database.kysely).catch(() => undefined)
  }

  #onDisk(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#onDiskMs = this.#now()
  }
}
