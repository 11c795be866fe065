import { freeChunk } from './free-chunk.ts'
import type { OutputRing } from './output-ring.ts'
import type { SecretFilter } from './secret-filter.ts'

const NEWLINE = 0x0a
/** What comes within this time is one batch: a flood costs a few timers a second and no more. */
const BATCH_MS = 100
/** Of one batch its end is kept: the last words of a process say more than its first ones. */
const BATCH_BYTES = 256 * 1024
const BATCH_LINES = 1_000
const LINE_BYTES = 4 * 1024

/** Makes lines for people out of what a process writes to stderr, and holds little of it however much that is. */
export class OutputCollector {
  readonly #ring: OutputRing
  readonly #filter: SecretFilter
  #chunks: Buffer[] = []
  #bytes = 0
  #dropped = 0
  /** What comes up to the next line break is the rest of a line that was cut or dropped. */
  #skipping = false
  #timer: NodeJS.Timeout | undefined

  constructor(ring: OutputRing, filter: SecretFilter) {
    this.#ring = ring
    this.#filter = filter
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
    this.#bytes += chunk.length
    while (this.#bytes > BATCH_BYTES && this.#chunks.length > 1) this.#dropOldest()
    this.#timer ??= setTimeout(() => this.flush(), BATCH_MS)
  }

  /** Hands on all whole lines. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const bytes = this.#withoutRest(this.#take())
    const end = bytes.lastIndexOf(NEWLINE) + 1
    const lines = end === 0 ? [] : this.#readable(bytes.subarray(0, end - 1)).map(cut)
    const rest = bytes.subarray(end)
    // A secret may reach over the end of what is there of a line, so more than that is waited for, and then left out.
    if (rest.length > LINE_BYTES + 2 * this.#filter.reach) {
      lines.push(this.#beginningOf(rest))
      this.#skipping = true
    } else if (rest.length > 0) {
      this.#chunks = [Buffer.from(rest)]
      this.#bytes = rest.length
    }
    this.#handOn(lines)
  }

  /** The stream is over: what stands there without a line break is a line. */
  end(): void {
    this.flush()
    const rest = this.#take()
    if (rest.length > 0) this.#handOn(this.#readable(rest).map(cut))
  }

  #handOn(lines: string[]): void {
    const surplus = Math.max(0, lines.length - BATCH_LINES)
    this.#dropped += surplus
    if (this.#dropped > 0) this.#ring.drop(this.#dropped)
    this.#dropped = 0
    const kept = lines.slice(surplus)
    if (kept.length > 0) this.#ring.stderr(kept)
  }

  #take(): Buffer {
    const [only] = this.#chunks
    const bytes = only && this.#chunks.length === 1 ? only : Buffer.concat(this.#chunks, this.#bytes)
    for (const chunk of this.#chunks) if (chunk !== bytes) freeChunk(chunk)
    this.#chunks = []
    this.#bytes = 0
    return bytes
  }

  #dropOldest(): void {
    const chunk = this.#chunks.shift()
    if (chunk === undefined) return
    this.#bytes -= chunk.length
    let lines = 0
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) lines++
    // The rest of a line that was cut is not one more.
    this.#dropped += this.#skipping ? Math.max(0, lines - 1) : lines
    const endsInside = chunk.at(-1) !== NEWLINE
    // Of the line that is cut in two here nothing is shown.
    if (endsInside && (lines > 0 || !this.#skipping)) this.#dropped++
    this.#skipping = endsInside || (this.#skipping && lines === 0)
    freeChunk(chunk)
  }

  #withoutRest(bytes: Buffer): Buffer {
    if (!this.#skipping) return bytes
    const end = bytes.indexOf(NEWLINE)
    if (end === -1) return bytes.subarray(bytes.length)
    this.#skipping = false
    return bytes.subarray(end + 1)
  }

  #readable(bytes: Buffer): string[] {
    const text = this.#filter.readable(bytes.toString('utf8').replaceAll('\r\n', '\n'))
    return text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trimEnd()]))
  }

  /** Without the end, which may hold a part of a secret that no filter finds. */
  #beginningOf(bytes: Buffer): string {
    const [text = ''] = this.#readable(bytes)
    return `${prefix(text.slice(0, Math.max(0, text.length - 2 * this.#filter.reach)))}…`
  }
}

function cut(line: string): string {
  return Buffer.byteLength(line) <= LINE_BYTES ? line : `${prefix(line)}…`
}

/** What leaves room for the sign that something is missing; never half a character. */
function prefix(line: string): string {
  const bytes = Buffer.from(line)
  let end = Math.min(bytes.length, LINE_BYTES - Buffer.byteLength('…'))
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}
