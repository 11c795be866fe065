import { fileURLToPath } from 'node:url'
import type { OpenApiPreview } from '../../../shared/contract/openapi.ts'
import { AppError } from '../../base/app-error.ts'
import type { ReadingAnswer } from './reading-messages.ts'
import { forkReading, type ReadingProcess, type StartReading } from './start-reading.ts'
import type { TaskInput, TaskName, TaskResult, WorkerAnswer } from './worker-messages.ts'

const worker = entry('worker.ts', 'openapi-worker.js')
const readingProcess = fileURLToPath(entry('reading-process.ts', 'openapi-process.js'))
const ABOVE_LARGEST_MIB = 1024
const LONGEST_MS = 30_000
/** Documents that may wait while another is read. Each is held in memory meanwhile. */
const MOST_WAITING = 8

export interface OpenApiReaderOptions {
  /** How the process is started that reads. Default: by Node. */
  startReading?: StartReading | undefined
  /** Of one document, from the start of its process. */
  timeoutMs?: number
  /** Of the thread's heap. The largest real documents take a fifth of the default. */
  heapMiB?: number
  /** What its thread runs. For tests. */
  workerUrl?: URL
}

/**
 * Reads documents in a process of their own, one at a time, within limits of time and memory: seconds and hundreds of
 * megabytes for the largest, and without an end for one that is made to do harm. Whatever becomes of that process, this one
 * goes on. Nothing of the reading itself is loaded here.
 */
export class OpenApiReader {
  readonly #startReading: StartReading
  readonly #timeoutMs: number
  readonly #heapMiB: number
  readonly #workerUrl: URL
  readonly #closed = new AbortController()
  #last: Promise<unknown> = Promise.resolve()
  #waiting = 0

  constructor({
    startReading = forkReading,
    timeoutMs = LONGEST_MS,
    heapMiB = ABOVE_LARGEST_MIB,
    workerUrl = worker,
  }: OpenApiReaderOptions = {}) {
    this.#startReading = startReading
    this.#timeoutMs = timeoutMs
    this.#heapMiB = heapMiB
    this.#workerUrl = workerUrl
  }

  /** What importing a document would give. */
  preview(
    text: string,
    files: Readonly<Record<string, string>> | undefined,
    signal: AbortSignal,
  ): Promise<OpenApiPreview> {
    return this.#run('preview', { text, files }, signal)
  }

  compare(input: TaskInput<'compare'>, signal: AbortSignal): Promise<TaskResult<'compare'>> {
    return this.#run('compare', input, signal)
  }

  apply(input: TaskInput<'apply'>, signal: AbortSignal): Promise<TaskResult<'apply'>> {
    return this.#run('apply', input, signal)
  }

  export(input: TaskInput<'export'>, signal: AbortSignal): Promise<TaskResult<'export'>> {
    return this.#run('export', input, signal)
  }

  /** Ends what is being read. */
  async close(): Promise<void> {
    this.#closed.abort(new Error('the reader was closed'))
    await this.#last
  }

  async #run<Name extends TaskName>(
    task: Name,
    input: TaskInput<Name>,
    caller: AbortSignal,
  ): Promise<TaskResult<Name>> {
    if (this.#waiting > MOST_WAITING) {
      throw new AppError('rate_limited', {
        message: 'Too many OpenAPI documents are waiting to be read. Try again shortly.',
      })
    }
    const signal = AbortSignal.any([caller, this.#closed.signal])
    this.#waiting++
    const mine = this.#last.then(() => this.#inProcess(task, input, signal))
    this.#last = mine.catch(() => undefined)
    try {
      return await mine
    } finally {
      this.#waiting--
    }
  }

  async #inProcess<Name extends TaskName>(
    task: Name,
    input: TaskInput<Name>,
    signal: AbortSignal,
  ): Promise<TaskResult<Name>> {
    signal.throwIfAborted()
    const reading = this.#startReading(readingProcess)
    try {
      const told = this.#answerOf(reading, signal)
      reading.post({ thread: this.#workerUrl.href, heapMiB: this.#heapMiB, order: { task, input } })
      const answer = await told
      if ('outOfMemory' in answer) throw this.#tooLarge()
      if ('failed' in answer) throw new Error(answer.failed)
      return resultOf(answer.answer as WorkerAnswer<Name>)
    } finally {
      reading.kill()
    }
  }

  #answerOf(reading: ReadingProcess, signal: AbortSignal): Promise<ReadingAnswer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(this.#tooSlow()), this.#timeoutMs)
      const leave = () => reject(signal.reason as Error)
      signal.addEventListener('abort', leave, { once: true })
      reading.onAnswer(resolve)
      reading.onEnd(() => {
        clearTimeout(timer)
        signal.removeEventListener('abort', leave)
        // It answers whatever else befalls its thread.
        resolve({ outOfMemory: true })
      })
    })
  }

  #tooSlow(): AppError {
    return refusal(`Reading this document took longer than ${this.#timeoutMs / 1000} s and was stopped.`)
  }

  #tooLarge(): AppError {
    return refusal(`Reading this document takes more than ${this.#heapMiB} MiB of memory and was stopped.`)
  }
}

function resultOf<Name extends TaskName>(answer: WorkerAnswer<Name>): TaskResult<Name> {
  if ('result' in answer) return answer.result
  if ('refusal' in answer) throw new AppError(answer.refusal.code, answer.refusal)
  throw new Error(`the thread that reads documents failed: ${answer.fault}`)
}

function refusal(reason: string): AppError {
  const message = `${reason} Give a smaller one: split it by tags or paths.`
  return new AppError('too_large', { message, details: [{ path: 'spec', message }] })
}

/** Beside the reader as source. Where the main process is bundled, an entry of its own at the top of the output. */
function entry(source: string, built: string): URL {
  const own = import.meta.url
  if (own.endsWith('.ts')) return new URL(source, own)
  return new URL(own.includes('/chunks/') ? `../${built}` : built, own)
}
