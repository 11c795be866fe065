import type { ChildProcess } from 'node:child_process'
import { AppError } from '../base/app-error.ts'
import type { ProcessUsage } from '../../shared/contract/integrations.ts'
import type { ChildProcesses, RunningChild } from './child-processes.ts'
import type { UpstreamLimits } from './limits.ts'
import { idAtEdges, LineReader } from './line-reader.ts'
import { OutputCollector } from './output-collector.ts'
import type { OutputRing } from './output-ring.ts'
import type { SecretFilter } from './secret-filter.ts'
import { isStarted, startProcess, type StdioCommand } from './start-process.ts'
import { TextTail } from './text-tail.ts'
import {
  cancelledNotification,
  takeMessages,
  type OutgoingRequest,
  type Transport,
  type TransportListener,
} from './transport.ts'

export interface StdioOptions {
  limits: UpstreamLimits
  children: ChildProcesses
  output?: OutputRing
}

/** A process that ended by itself, as the cause of the error that people see. */
export class ProcessExit extends Error {
  override readonly name = 'ProcessExit'
}

/** After a process has ended its last output may still be on the way; a grandchild may hold the pipe open for ever. */
const DRAIN_MS = 50
const NOISE_CHARACTERS = 200
/** A program that logs to stdout would push everything else out of its output. */
const NOISE_LINES = 20
const SAID_CHARACTERS = 500

/** JSON-RPC over the standard streams of a process of our own: one message a line. */
export class StdioTransport implements Transport {
  readonly #command: StdioCommand
  readonly #filter: SecretFilter
  readonly #limits: UpstreamLimits
  readonly #child: ChildProcess
  readonly #running: RunningChild | undefined
  readonly #lines: LineReader
  readonly #errors = new TextTail(4096)
  readonly #output: OutputRing | undefined
  readonly #stderr: OutputCollector | undefined
  /** Resolves when the process runs; rejects with AppError when it could not be started. */
  readonly started: Promise<number>
  #listener: TransportListener | undefined
  #unsent: Buffer[] = []
  #ended = false
  #exited = false
  #crash: AppError | undefined
  #noise = ''
  #noiseLines = 0
  #spoke = false

  constructor(command: StdioCommand, filter: SecretFilter, { limits, children, output }: StdioOptions) {
    this.#command = command
    this.#filter = filter
    this.#limits = limits
    this.#output = output
    this.#stderr = output && new OutputCollector(output, filter)
    this.#lines = new LineReader(limits.maxMessageBytes, {
      line: (bytes) => this.#onLine(bytes),
      oversized: (head, tail) => {
        const id = idAtEdges(head, tail)
        // At its end the line may belong to a call that was given up since: only a name counts then.
        if (id !== undefined || tail === undefined) this.#listener?.oversized(id)
      },
    })
    this.#child = startProcess(command)
    this.#running = isStarted(this.#child) ? children.adopt(this.#child, command.command) : undefined
    this.#child.stdout?.on('data', (chunk: Buffer) => this.#lines.push(chunk))
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors.push(chunk)
      this.#stderr?.push(chunk)
    })
    for (const stream of [this.#child.stdin, this.#child.stdout, this.#child.stderr]) {
      // EPIPE and the like: the process is ending, and its exit says why.
      stream?.on('error', () => undefined)
    }
    this.started = new Promise((resolve, reject) => {
      this.#child.once('spawn', () => {
        this.#tell(`Started process ${this.#child.pid}: ${[command.command, ...command.args].join(' ')}`)
        resolve(this.#child.pid ?? 0)
      })
      this.#child.once('error', (error) => {
        const failure = this.#couldNotStart(error)
        reject(failure)
        this.#end(failure)
      })
    })
    this.started.catch(() => undefined)
    this.#child.once('exit', (code, signal) => {
      const drained = setTimeout(() => this.#onExit(code, signal), DRAIN_MS)
      this.#child.once('close', () => {
        clearTimeout(drained)
        this.#onExit(code, signal)
      })
    })
  }

  listen(listener: TransportListener): void {
    this.#listener = listener
  }

  request({ id, method, params }: OutgoingRequest): void {
    const head = `{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":`
    const message = Buffer.allocUnsafe(Buffer.byteLength(head) + params.length + 2)
    let at = message.write(head)
    at += params.copy(message, at)
    if (params.includes(0x0a) || params.includes(0x0d)) removeLineBreaks(message, at - params.length, at)
    message.write('}\n', at)
    this.#write(message)
  }

  send(message: string): Promise<void> {
    // It may hold what an agent wrote. A line break in JSON is white space, and here it would begin another message.
    this.#write(Buffer.from(`${message.replace(/[\r\n]/g, ' ')}\n`))
    return Promise.resolve()
  }

  cancel(id: number, reason: string): void {
    void this.send(cancelledNotification(id, reason))
  }

  negotiated(): void {
    // Nothing on this wire names the version.
  }

  async close(): Promise<void> {
    this.#ended = true
    this.#flush()
    await this.#running?.end(this.#limits.shutdown)
  }

  /** Why the process ended, where it did so by itself. */
  get crash(): AppError | undefined {
    return this.#crash
  }

  /** It has started what it needs: whoever leaves its process group later is known by then. */
  async settled(): Promise<void> {
    await this.#running?.look()
  }

  /** Null when none of its processes is left. Throws AppError when the system does not tell. */
  async usage(): Promise<ProcessUsage | null> {
    return (await this.#running?.usage()) ?? null
  }

  silence(afterMs: number): AppError {
    const seconds = Math.round(afterMs / 100) / 10
    return this.#failure(`did not answer as an MCP server in ${seconds} s.`)
  }

  /** All messages of one turn of the event loop go out in one write. */
  #write(message: Buffer): void {
    if (this.#ended) return
    if (this.#unsent.push(message) === 1) setImmediate(() => this.#flush())
  }

  #flush(): void {
    const messages = this.#unsent
    const { stdin } = this.#child
    if (messages.length === 0 || !stdin) return
    this.#unsent = []
    stdin.write(messages.length === 1 ? messages[0] : Buffer.concat(messages))
    if (stdin.writableLength > this.#limits.maxMessageBytes * 4) {
      // Back-pressure has no meaning to callers that wait anyway: a process that reads nothing is of no use to them.
      this.#end(this.#failure('does not read its input.'))
    }
  }

  #onLine(bytes: Buffer): void {
    if (takeMessages(bytes, (message) => this.#listener?.message(message))) {
      this.#spoke = true
    } else if (this.#noiseLines++ < NOISE_LINES) {
      const line = this.#filter.readable(bytes.toString('utf8', 0, NOISE_CHARACTERS * 4 + this.#filter.reach)).trim()
      this.#tell(`Not MCP on its output: ${JSON.stringify(line.slice(0, NOISE_CHARACTERS))}`)
      this.#noise = `${this.#noise}${this.#noise && '\n'}${line}`.slice(0, NOISE_CHARACTERS)
    } else if (this.#noiseLines === NOISE_LINES + 1) {
      this.#tell('More lines that are not MCP are not shown.')
    }
  }

  #onExit(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#exited) return
    this.#exited = true
    const how = signal === null ? `exited with code ${code ?? 0}.` : `was ended by ${signal}.`
    this.#stderr?.end()
    this.#tell(`Process ${this.#child.pid} ${how}`)
    if (this.#ended) return
    this.#lines.end()
    this.#crash = this.#failure(how, new ProcessExit(how))
    this.#end(this.#crash)
  }

  #end(error: AppError): void {
    if (this.#ended) return
    this.#ended = true
    this.#listener?.closed(error)
  }

  #tell(event: string): void {
    this.#output?.event(this.#filter.readable(event))
  }

  /** What happened, and what the process said of it. */
  #failure(what: string, cause?: Error): AppError {
    const said = this.#filter.text(this.#errors.tellingLine()).slice(0, SAID_CHARACTERS)
    const isNoise = this.#noise !== '' && !this.#spoke
    const parts = [`${this.#command.command} ${what}`]
    if (isNoise) parts.push(`It printed text that is not MCP: ${JSON.stringify(this.#noise)}.`)
    if (said !== '') parts.push(`It said: ${said}`)
    const message = parts.join(' ')
    // A process that speaks something else is another fault than one that died.
    const code = isNoise ? 'upstream_invalid' : 'upstream_unavailable'
    return new AppError(code, { message, cause, details: [{ path: 'mcp.command', message }] })
  }

  #couldNotStart(error: Error): AppError {
    const code = (error as NodeJS.ErrnoException).code
    const why =
      code === 'ENOENT'
        ? 'was not found.'
        : code === 'EACCES'
          ? 'may not be executed.'
          : `could not start: ${error.message}`
    return this.#failure(why)
  }
}

/** In JSON text a raw line break can only be white space: a space means the same and does not end our line. */
function removeLineBreaks(message: Buffer, from: number, to: number): void {
  for (let at = from; at < to; at++) {
    if (message[at] === 0x0a || message[at] === 0x0d) message[at] = 0x20
  }
}
