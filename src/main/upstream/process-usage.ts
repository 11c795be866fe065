import type { ProcessUsage } from '../../shared/contract/integrations.ts'
import { AppError } from '../base/app-error.ts'
import { messageOf } from '../base/message-of.ts'
import type { ProcessFamily } from './process-family.ts'
import type { ProcessFacts } from './process-table.ts'

/** Two questions closer than this get the same answer: over less the clock of the system is too coarse. */
const FRESH_MS = 500

interface Measured {
  usage: ProcessUsage | null
  at: number
  /** CPU time of each process, by pid and birth. */
  cpuMs: Map<string, number>
}

/** What a process and its descendants use, measured only when it is asked for. Questions at the same time share one look. */
export class UsageMeter {
  readonly #family: ProcessFamily
  readonly #startedAt: Date
  readonly #now: () => number
  #last: Measured
  #measuring: Promise<ProcessUsage | null> | undefined

  constructor(family: ProcessFamily, startedAt: Date, now: () => number = () => performance.now()) {
    this.#family = family
    this.#startedAt = startedAt
    this.#now = now
    this.#last = { usage: null, at: now(), cpuMs: new Map() }
  }

  measure(): Promise<ProcessUsage | null> {
    this.#measuring ??= this.#measure().finally(() => {
      this.#measuring = undefined
    })
    return this.#measuring
  }

  async #measure(): Promise<ProcessUsage | null> {
    const former = this.#last
    if (former.usage !== null && this.#now() - former.at < FRESH_MS) return former.usage
    const processes = await this.#look()
    const at = this.#now()
    const cpuMs = new Map(processes.map((one) => [`${one.pid} ${one.born}`, one.cpuMs]))
    // Who was not there at the former question began after it: all of its time was spent since.
    const spentMs = [...cpuMs].reduce((sum, [key, spent]) => sum + Math.max(0, spent - (former.cpuMs.get(key) ?? 0)), 0)
    const usage: ProcessUsage | null =
      processes.length === 0
        ? null
        : {
            pid: this.#family.pid,
            started_at: this.#startedAt.toISOString(),
            process_count: processes.length,
            memory_bytes: Math.round(processes.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0)),
            cpu_percent: Math.round((spentMs / Math.max(1, at - former.at)) * 1000) / 10,
          }
    this.#last = { usage, at, cpuMs }
    return usage
  }

  async #look(): Promise<readonly ProcessFacts[]> {
    try {
      return await this.#family.look()
    } catch (error) {
      const why = messageOf(error)
      throw new AppError('internal', { message: `The system does not list its processes: ${why}`, cause: error })
    }
  }
}
