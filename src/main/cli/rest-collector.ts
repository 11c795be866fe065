import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

const EVERY_MS = 4_000
/** CPU within that time, in microseconds: less is rest. */
const REST_CPU = 40_000
/** CPU since the last collection: less leaves nothing that is worth one. */
const WORK_CPU = 250_000

interface RestCollectorOptions {
  /** Microseconds of CPU that this process has used. */
  cpu?: () => number
  collect?: () => void
}

/**
 * Gives memory back when the gateway has come to rest after work. V8 collects when something is allocated, so one that
 * rests would keep its garbage and empty pages, some 50 MiB after a few thousand calls. A collection takes 60 ms,
 * which nobody waits for then.
 */
export class RestCollector {
  readonly #cpu: () => number
  readonly #collect: () => void
  readonly #timer: NodeJS.Timeout
  #seen: number
  #collectedAt = 0

  constructor({ cpu = ownCpu, collect = collectAll }: RestCollectorOptions = {}) {
    this.#cpu = cpu
    this.#collect = collect
    this.#seen = cpu()
    this.#timer = setInterval(() => this.#look(), EVERY_MS).unref()
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #look(): void {
    const used = this.#cpu()
    const rests = used - this.#seen < REST_CPU
    this.#seen = used
    if (!rests || used - this.#collectedAt < WORK_CPU) return
    this.#collect()
    // What the collection used itself is no work.
    this.#seen = this.#collectedAt = this.#cpu()
  }
}

function ownCpu(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

/** Node gives its programs no collector; a context that is made while the flag is set has one. */
function collectAll(): void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('globalThis.gc') as NodeJS.GCFunction | undefined
  setFlagsFromString('--no-expose-gc')
  collect?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
