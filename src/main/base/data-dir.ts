import { chmodSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import envPaths from 'env-paths'
import { z } from 'zod'
import { AppError } from './app-error.ts'
import { messageOf } from './message-of.ts'
import { writeWholeFile } from './whole-file.ts'

/** What the CLI needs to find the running gateway. Whoever can read it can act as the admin, hence 0600. */
export const RunFile = z.object({
  pid: z.int().positive(),
  mcp_url: z.string(),
  api_url: z.string(),
  admin_token: z.string(),
})
export type RunFile = z.infer<typeof RunFile>

/** The one folder that holds all data: 0700, so that other users of the machine see nothing of it. */
export class DataDir {
  readonly path: string
  readonly databaseFile: string
  /** The call log: apart, because it is written all the time and may be lost. */
  readonly callLogFile: string
  /** Values of queries over time: apart for the same reasons. */
  readonly seriesFile: string
  readonly lockFile: string
  readonly runFile: string
  /** The processes that run for this gateway. */
  readonly childrenFile: string
  readonly logsDir: string
  readonly logosDir: string

  private constructor(path: string) {
    this.path = path
    this.databaseFile = join(path, 'gatehouse.db')
    this.callLogFile = join(path, 'calls.db')
    this.seriesFile = join(path, 'series.db')
    this.lockFile = join(path, 'lock.db')
    this.runFile = join(path, 'run.json')
    this.childrenFile = join(path, 'children.json')
    this.logsDir = join(path, 'logs')
    this.logosDir = join(path, 'logos')
  }

  /** Where the operating system keeps application data, for example `~/.local/share/gatehouse`. */
  static defaultPath(): string {
    return envPaths('gatehouse', { suffix: '' }).data
  }

  /** The paths alone: reads the run file of a gateway without making anything. */
  static at(path: string): DataDir {
    return new DataDir(resolve(path))
  }

  /** Makes the folder where it is missing and closes it to others. */
  static open(path: string): DataDir {
    const dataDir = DataDir.at(path)
    try {
      for (const folder of [dataDir.path, dataDir.logsDir]) {
        mkdirSync(folder, { recursive: true, mode: 0o700 })
        chmodSync(folder, 0o700)
      }
    } catch (error) {
      throw new AppError('internal', {
        message: `The data directory ${dataDir.path} can't be used (${messageOf(error)}). Choose another with --data-dir.`,
        cause: error,
      })
    }
    return dataDir
  }

  /** Undefined where there is none, or one that is damaged: then nothing is known to run here. */
  readRunFile(): RunFile | undefined {
    try {
      return RunFile.parse(JSON.parse(readFileSync(this.runFile, 'utf8')))
    } catch {
      return undefined
    }
  }

  writeRunFile(run: RunFile): void {
    writeWholeFile(this.runFile, `${JSON.stringify(run)}\n`)
  }

  /** Under the instance lock only: what is there is then our own, or was left by a process that was killed. */
  removeRunFile(): void {
    rmSync(this.runFile, { force: true })
  }
}
