import { once } from 'node:events'
import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { styleText } from 'node:util'
import yoctoSpinner from 'yocto-spinner'
import { AppError } from '../base/app-error.ts'

const MIB = 1024 * 1024

type Style = Parameters<typeof styleText>[0]

export interface Streams {
  stdin: NodeJS.ReadStream
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
}

interface TerminalOptions extends Streams {
  /** Answers are JSON on stdout, errors included; nothing else is written. */
  json: boolean
}

/**
 * Where a command reads and writes. Answers go to stdout, all else to stderr, so that a pipe gets the answer alone. Colour
 * and spinner appear on a terminal only; NO_COLOR is respected (`styleText` looks at the stream and at the environment).
 */
export class Terminal {
  readonly #options: TerminalOptions

  constructor(options: TerminalOptions) {
    this.#options = options
    // `gatehouse tools | head`: the reader has enough, which is no failure.
    options.stdout.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }

  get json(): boolean {
    return this.#options.json
  }

  /** Whether a person can be asked something. */
  get interactive(): boolean {
    return this.#options.stdin.isTTY && this.#options.stderr.isTTY && !this.json
  }

  /** Characters in a line; undefined where lines have no end. */
  get columns(): number | undefined {
    const { isTTY, columns } = this.#options.stdout
    // A terminal without a size, as in some CI systems, says 0.
    return isTTY && columns > 0 ? columns : undefined
  }

  print(line: string): void {
    write(this.#options.stdout, line)
  }

  printJson(value: unknown): void {
    this.print(JSON.stringify(value))
  }

  /** The answer as JSON, or as `readable` says it to a person. */
  answer(value: unknown, readable: () => string): void {
    if (this.json) this.printJson(value)
    else this.print(readable())
  }

  note(line: string): void {
    if (!this.json) write(this.#options.stderr, line)
  }

  styled(style: Style, words: string): string {
    return styleText(style, words, { stream: this.#options.stdout })
  }

  styledNote(style: Style, words: string): string {
    return styleText(style, words, { stream: this.#options.stderr })
  }

  /** Shows that something goes on while `work` runs. */
  async busy<Value>(words: string, work: () => Promise<Value>): Promise<Value> {
    const { stderr } = this.#options
    if (!stderr.isTTY || this.json) return work()
    const spinner = yoctoSpinner({ text: words, stream: stderr, handleSignals: false }).start()
    try {
      return await work()
    } finally {
      spinner.stop()
    }
  }

  /** All of standard input. */
  readInput(): Promise<string> {
    return text(this.#options.stdin)
  }

  /** The same as bytes; more than `most` are refused before they fill the memory. `what` is read, for the error. */
  async readBytes(most: number, what: string): Promise<Buffer> {
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of this.input()) {
      size += chunk.length
      if (size > most) throw new AppError('too_large', { message: `${what} is larger than ${most / MIB} MiB.` })
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  }

  /** Standard input piece by piece, as it comes. */
  input(): AsyncIterable<Buffer> {
    return this.#options.stdin as AsyncIterable<Buffer>
  }

  /** Whoever reads standard input gets no more of it. */
  endInput(): void {
    this.#options.stdin.destroy()
  }

  /** Bytes as they are on standard output. Settles when it can take more. */
  async write(bytes: Buffer): Promise<void> {
    const { stdout } = this.#options
    if (!stdout.write(bytes)) await once(stdout, 'drain')
  }

  async confirm(question: string, signal: AbortSignal): Promise<boolean> {
    const lines = createInterface({ input: this.#options.stdin, output: this.#options.stderr })
    try {
      return /^y(es)?$/i.test((await lines.question(`${question} [y/N] `, { signal })).trim())
    } finally {
      lines.close()
    }
  }
}

/** The styles that we use, and everything else that a terminal would act on instead of showing it. */
const STYLES_AND_CONTROLS = /\u001b\[(?:1|22|31|32|33|39|90)m|[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g

/**
 * Threat: text of a server (a tool's description, an error) that drives the terminal: sets its title, writes to the
 * clipboard, hides what it says. A pipe gets every byte, because a program may want them.
 */
function write(stream: NodeJS.WriteStream, line: string): void {
  const shown = stream.isTTY ? line.replace(STYLES_AND_CONTROLS, (found) => (found.length > 1 ? found : '')) : line
  stream.write(`${shown}\n`)
}
