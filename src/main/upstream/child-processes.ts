import type { ChildProcess } from 'node:child_process'
import type { ProcessUsage } from '../../shared/contract/integrations.ts'
import { endFamily, shutDownChild } from './child-shutdown.ts'
import type { ChildrenFile, RememberedFamily } from './children-file.ts'
import type { ShutdownLimits } from './limits.ts'
import { ProcessFamily } from './process-family.ts'
import { ProcessTable } from './process-table.ts'
import { UsageMeter } from './process-usage.ts'

export interface ChildProcessesOptions {
  /** What children inherit from, by an allowlist. A promise where it has to be asked for: processes wait, nothing else. */
  environment: NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>
  /** Where they are noted for a next gateway; without it nobody sweeps. */
  file?: ChildrenFile
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void }
  table?: ProcessTable
}

/** All processes that run for this gateway, with what they started, and those that a killed one has left. */
export class ChildProcesses {
  readonly environment: Promise<NodeJS.ProcessEnv>
  readonly #options: ChildProcessesOptions
  readonly #table: ProcessTable
  readonly #running = new Set<RunningChild>()
  /** Of a former gateway; noted until they are gone, in case this one is killed as well. */
  #leftover: RememberedFamily[]
  #isUnwritten = false

  constructor(options: ChildProcessesOptions) {
    this.#options = options
    this.environment = Promise.resolve(options.environment)
    this.environment.catch(() => undefined) // whoever starts a process hears of it
    this.#table = options.table ?? new ProcessTable()
    this.#leftover = options.file?.read() ?? []
  }

  /** Takes care of a process that has just been started. */
  adopt(child: ChildProcess & { pid: number }, command: string): RunningChild {
    const running = new RunningChild(child, command, this.#table, {
      seen: () => this.#note(),
      ended: () => {
        this.#running.delete(running)
        this.#note()
      },
    })
    this.#running.add(running)
    void running.look()
    return running
  }

  /**
   * Ends what a gateway that was killed has left, and nothing else: only who has the noted pid and was born at the noted
   * time, and their group and children. Never rejects.
   */
  async sweep({ terminateMs }: Pick<ShutdownLimits, 'terminateMs'>): Promise<void> {
    await Promise.all(this.#leftover.map((remembered) => this.#endLeftover(remembered, terminateMs)))
    if (this.#leftover.length === 0) return
    this.#leftover = []
    this.#note()
  }

  async #endLeftover({ pid, command, members }: RememberedFamily, terminateMs: number): Promise<void> {
    const { log } = this.#options
    const family = new ProcessFamily({ pid, table: this.#table, known: members, isOwn: false })
    try {
      const living = await family.look()
      if (living.length === 0) return
      log.info({ command, pids: living.map((one) => one.pid) }, 'ending processes that a killed gateway has left')
      await endFamily(family, terminateMs)
    } catch (error) {
      log.warn({ error, command }, 'could not look for processes that a killed gateway has left')
    }
  }

  /** The last word in the file, after all of them have ended. */
  close(): void {
    if (this.#isUnwritten) this.#write()
  }

  /** Many changes of one turn of the event loop are one write. */
  #note(): void {
    if (this.#options.file === undefined || this.#isUnwritten) return
    this.#isUnwritten = true
    setImmediate(() => this.close())
  }

  #write(): void {
    this.#isUnwritten = false
    const families = [...this.#running].map((running) => running.remembered).filter(({ members }) => members.length > 0)
    try {
      this.#options.file?.write([...this.#leftover, ...families])
    } catch (error) {
      this.#options.log.warn({ error }, 'the list of running processes could not be written')
    }
  }
}

/** One process of ours with all that it starts, from its start to the end of the last of them. */
export class RunningChild {
  readonly #child: ChildProcess
  readonly #command: string
  readonly #family: ProcessFamily
  readonly #meter: UsageMeter
  readonly #listener: { seen(): void; ended(): void }
  #ending: Promise<void> | undefined
  #isOver = false

  constructor(
    child: ChildProcess & { pid: number },
    command: string,
    table: ProcessTable,
    listener: { seen(): void; ended(): void },
  ) {
    this.#child = child
    this.#command = command
    this.#family = new ProcessFamily({ pid: child.pid, table, isOwn: true })
    this.#meter = new UsageMeter(this.#family, new Date())
    this.#listener = listener
  }

  get remembered(): RememberedFamily {
    return { pid: this.#family.pid, command: this.#command, members: [...this.#family.members] }
  }

  /** Remembers whom it has started by now. Never rejects: without a list of processes its group is still known. */
  async look(): Promise<void> {
    try {
      await this.#family.look()
      this.#listener.seen()
    } catch {
      // Told when somebody asks for the usage; ending goes by the group.
    }
  }

  /** Null when nobody of it is left. */
  async usage(): Promise<ProcessUsage | null> {
    // From then on its pid may be given to another process.
    return this.#isOver ? null : await this.#meter.measure()
  }

  /** Resolves when it and all that it started are gone, or could not be ended. */
  end(limits: ShutdownLimits): Promise<void> {
    this.#ending ??= shutDownChild(this.#child, this.#family, limits).finally(() => {
      this.#isOver = true
      this.#listener.ended()
    })
    return this.#ending
  }
}
