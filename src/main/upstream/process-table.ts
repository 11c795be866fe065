import { readWithPowerShell } from './process-table-windows.ts'
import { readWithPs } from './process-table-ps.ts'
import { readProc } from './process-table-linux.ts'

/** One process, as the operating system tells of it. */
export interface ProcessFacts {
  pid: number
  parent: number
  /** Process group and session; where the system does not tell, none of ours. */
  group: number | undefined
  session: number | undefined
  /** When it began, as the system writes it. With the pid it names one process and never another (a pid is reused). */
  born: string
  startedAtMs: number
  memoryBytes: number
  cpuMs: number
  /** It has ended and its parent has not asked how. */
  isZombie: boolean
}

/**
 * The processes of this machine. Reading them costs milliseconds on Linux and a process elsewhere, so questions that come
 * while one is read share the next reading: it shows what was there when they were asked.
 */
export class ProcessTable {
  readonly #readAll: () => Promise<ProcessFacts[]>
  #running: Promise<ProcessFacts[]> | undefined
  #next: Promise<ProcessFacts[]> | undefined

  constructor(readAll: () => Promise<ProcessFacts[]> = readerOf(process.platform)) {
    this.#readAll = readAll
  }

  /** Rejects when the system does not tell. */
  read(): Promise<ProcessFacts[]> {
    const running = this.#running
    if (running === undefined) return this.#start()
    this.#next ??= running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined
        return this.#start()
      })
    return this.#next
  }

  #start(): Promise<ProcessFacts[]> {
    const running = this.#readAll().finally(() => {
      if (this.#running === running) this.#running = undefined
    })
    this.#running = running
    return running
  }
}

function readerOf(platform: NodeJS.Platform): () => Promise<ProcessFacts[]> {
  if (platform === 'linux') return readProc
  return platform === 'win32' ? readWithPowerShell : readWithPs
}
