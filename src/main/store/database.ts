import { chmodSync, closeSync, existsSync, openSync, statSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { Kysely, sql, SqliteDialect, type SqliteDatabase } from 'kysely'
import type { Migration } from 'kysely/migration'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import { migrations as allMigrations } from './migrations/migrations.ts'
import { RowInserts } from './row-inserts.ts'
import type { Schema } from './schema.ts'

/** How long a write waits for another connection, for example a backup tool, before it fails. */
const BUSY_TIMEOUT_MS = 5_000

/** Codes that say something of what was asked; all others are about the file and the disk under it. */
const ABOUT_THE_QUERY = /^SQLITE_(CONSTRAINT|ERROR|MISMATCH|MISUSE|RANGE|TOOBIG)/

interface DriverOptions {
  /** The driver's binary where its prebuilt one can't be used (docs/adr: the registry's Electron 33 has Node-API 9). */
  nativeBinding?: string | undefined
}

interface DatabaseOptions extends DriverOptions {
  log: Logger
  /** What this program knows, by name in order. */
  migrations?: Record<string, Migration>
  /**
   * `full`: what is committed survives a power failure. `normal`: its last moments may be lost then (never at a crash of
   * the program), for records that are written many times a second.
   */
  durability?: 'full' | 'normal'
}

/**
 * The SQLite file that holds everything. Open it under the instance lock only: there is one writer.
 * A file that can't be used is reported and left as it is; nothing here ever deletes one.
 */
export class Database<Tables = Schema> {
  readonly kysely: Kysely<Tables>
  readonly #driver: BetterSqlite3.Database
  readonly #file: string
  readonly #inserts: RowInserts

  private constructor(driver: BetterSqlite3.Database, file: string) {
    this.#driver = driver
    this.#file = file
    this.#inserts = new RowInserts(driver)
    this.kysely = new Kysely<Tables>({ dialect: new SqliteDialect({ database: explaining(driver, file) }) })
  }

  /** Opens or creates the file, checks it, and brings its tables up to date; an existing one is copied aside before that. */
  static async open<Tables = Schema>(file: string, options: DatabaseOptions): Promise<Database<Tables>> {
    const migrations = options.migrations ?? allMigrations
    // An empty file is what a first start leaves behind that was killed before it wrote anything.
    const existed = existsSync(file) && statSync(file).size > 0
    createPrivately(file)
    const applied = existed ? explained(file, () => appliedTo(file, options)) : []
    refuseNewer(file, Object.keys(migrations), applied)
    const pending = Object.keys(migrations).find((name) => !applied.includes(name))
    const database = new Database<Tables>(
      explained(file, () => openForWriting(file, options)),
      file,
    )
    try {
      if (pending !== undefined) await database.#migrate(migrations, { pending, existed, log: options.log })
      return database
    } catch (error) {
      await database.close()
      throw error
    }
  }

  /**
   * Inserts whole rows, each with the values of all columns in the order of the table's: all of them or none. For what comes
   * many times a second: no query is built.
   */
  async insertRows(rowsByTable: { [Table in keyof Tables]?: readonly (readonly unknown[])[] }): Promise<void> {
    const tables = Object.entries(rowsByTable) as [string, readonly (readonly unknown[])[]][]
    const insert = this.#driver.transaction(() => {
      for (const [table, rows] of tables) this.#inserts.run(table, rows)
    })
    // The driver has one connection, and Kysely knows whether somebody else is in the middle of a transaction.
    await this.kysely.connection().execute(() => {
      explained(this.#file, insert)
      return Promise.resolve()
    })
  }

  /**
   * To be called after something was deleted that must be gone: the write-ahead log still has what stood there. A program
   * that reads the file at this moment keeps it until the next time.
   */
  async forgetDeleted(): Promise<void> {
    await sql`PRAGMA wal_checkpoint(TRUNCATE)`.execute(this.kysely)
  }

  async close(): Promise<void> {
    await this.kysely.destroy()
    this.#driver.close()
  }

  async #migrate(
    migrations: Record<string, Migration>,
    { pending, existed, log }: { pending: string; existed: boolean; log: Logger },
  ): Promise<void> {
    const file = this.#file
    // Loaded where there is something to do, which is not at most starts.
    const { Migrator } = await import('kysely/migration')
    const migrator = new Migrator({
      db: this.kysely,
      provider: { getMigrations: () => Promise.resolve(migrations) },
    })
    if (existed) {
      const backup = `${file}.before-${pending}.bak`
      closeSync(openSync(backup, 'w', 0o600))
      await this.#driver.backup(backup)
      log.info({ file, backup }, 'database copied before it is migrated')
    }
    // All of them are done, or none. Kysely takes SQLite's DDL for not transactional and would leave half of them.
    this.#driver.exec('BEGIN IMMEDIATE')
    const { error } = await migrator.migrateToLatest()
    // A full disk, for one, has already ended the transaction.
    if (this.#driver.inTransaction) this.#driver.exec(error === undefined ? 'COMMIT' : 'ROLLBACK')
    if (error !== undefined) {
      throw new AppError('internal', {
        message: `The database ${file} could not be brought up to date. It was left as it was.`,
        cause: error,
      })
    }
  }
}

/**
 * Takes an exclusive lock on `file` and keeps it until the returned function is called. The lock is the operating
 * system's: kill -9 frees it, so there is no stale one. Undefined when another process has it.
 */
export function holdExclusively(file: string, options: DriverOptions = {}): (() => void) | undefined {
  createPrivately(file)
  const driver = new BetterSqlite3(file, { timeout: 0, ...driverOptions(options) })
  try {
    driver.exec('BEGIN EXCLUSIVE')
    return () => driver.close()
  } catch (error) {
    driver.close()
    if (sqliteCode(error) === 'SQLITE_BUSY') return undefined
    throw error
  }
}

function openForWriting(file: string, options: DatabaseOptions): BetterSqlite3.Database {
  const driver = new BetterSqlite3(file, { timeout: BUSY_TIMEOUT_MS, ...driverOptions(options) })
  try {
    driver.pragma('journal_mode = WAL')
    // The driver's default in WAL is NORMAL, which can lose the last commits at a power failure: not secrets, not tokens.
    driver.pragma(`synchronous = ${options.durability ?? 'full'}`)
    driver.pragma('foreign_keys = ON')
    // The driver's default is 16 MiB for each file; the system keeps what is read often anyway.
    driver.pragma('cache_size = -2048')
    // Deleted secrets are overwritten, not only unlinked.
    driver.pragma('secure_delete = ON')
    // Reading all of a log at each start costs more than a damaged one is worth; SQLite notices when it gets there.
    if (options.durability === 'normal') return driver
    const findings = driver.pragma('quick_check(1)', { simple: true })
    if (findings !== 'ok') throw new BetterSqlite3.SqliteError(String(findings), 'SQLITE_CORRUPT')
    return driver
  } catch (error) {
    driver.close()
    throw error
  }
}

/** The migrations that a file has had, looked up before anything is written to it. */
function appliedTo(file: string, options: DriverOptions): string[] {
  const driver = new BetterSqlite3(file, { readonly: true, fileMustExist: true, ...driverOptions(options) })
  try {
    const table = driver.prepare("SELECT name FROM sqlite_master WHERE name = 'kysely_migration'").get()
    if (table === undefined) return []
    return driver.prepare('SELECT name FROM kysely_migration').pluck().all() as string[]
  } finally {
    driver.close()
  }
}

/** A database that a newer program made must stay usable for that one. */
function refuseNewer(file: string, known: readonly string[], applied: readonly string[]): void {
  const unknown = applied.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw new AppError('internal', {
      message: `The database ${file} was made by a newer Gatehouse (it has ${unknown.join(', ')}). It was not touched. Update Gatehouse, or choose another data directory with --data-dir.`,
    })
  }
}

/** SQLite gives -wal and -shm the mode of the main file, so that one has to be private from its first byte. */
function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, 'a', 0o600))
    chmodSync(file, 0o600)
  } catch (error) {
    throw new AppError('internal', {
      message: `The file ${file} can't be written. Make it and its folder writable for you, or choose another data directory with --data-dir.`,
      cause: error,
    })
  }
}

/** The driver as Kysely uses it. A disk that fills up while we run is told as well as one that was full at the start. */
function explaining(driver: BetterSqlite3.Database, file: string): SqliteDatabase {
  return {
    close: () => driver.close(),
    prepare: (text) => {
      // A full disk can end the transaction by itself; to fail at ending it once more would hide why.
      const command = text === 'rollback' && !driver.inTransaction ? 'SELECT 1' : text
      const statement = explained(file, () => driver.prepare(command))
      return {
        reader: statement.reader,
        all: (parameters) => explained(file, () => statement.all(...parameters)),
        run: (parameters) => explained(file, () => statement.run(...parameters)),
        iterate: (parameters) => statement.iterate(...parameters),
      }
    },
  }
}

function explained<Result>(file: string, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    const code = sqliteCode(error)
    if (code === undefined || ABOUT_THE_QUERY.test(code)) throw error
    throw new AppError('internal', { message: explain(file, code), cause: error })
  }
}

function explain(file: string, code: string): string {
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return `The database ${file} is damaged. It was left as it is. Put a backup (${file}.before-….bak, or your own) in its place, or move it away to start empty.`
  }
  if (code.startsWith('SQLITE_READONLY') || code.startsWith('SQLITE_CANTOPEN')) {
    return `The database ${file} can't be written. Make it and its folder writable for you, or choose another data directory with --data-dir.`
  }
  if (code === 'SQLITE_FULL') return `The disk that holds ${file} is full. Free some space and try again.`
  if (code === 'SQLITE_BUSY') return `Another program has the database ${file} open. Close it and try again.`
  return `The database ${file} can't be used (${code}).`
}

function driverOptions({ nativeBinding }: DriverOptions): BetterSqlite3.Options {
  return nativeBinding === undefined ? {} : { nativeBinding }
}

function sqliteCode(error: unknown): string | undefined {
  return error instanceof BetterSqlite3.SqliteError ? error.code : undefined
}

/** Whether a file could not be opened because what is in it is not a database any more. */
export function isDamaged(error: unknown): boolean {
  const code = error instanceof AppError ? sqliteCode(error.cause) : undefined
  return code === 'SQLITE_NOTADB' || code?.startsWith('SQLITE_CORRUPT') === true
}

/** Whether a write failed because a row with this unique value is already there. */
export function isUniqueViolation(error: unknown): boolean {
  const code = sqliteCode(error)
  return code === 'SQLITE_CONSTRAINT_UNIQUE' || code === 'SQLITE_CONSTRAINT_PRIMARYKEY'
}

/** Whether a write failed because a row that it names is missing, or because other rows still name the one it deletes. */
export function isForeignKeyViolation(error: unknown): boolean {
  return sqliteCode(error) === 'SQLITE_CONSTRAINT_FOREIGNKEY'
}
