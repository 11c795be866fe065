import { freeChunk } from './free-chunk.ts'

const NEWLINE = 0x0a
/** Of a line that is dropped its beginning and end are kept: the request's id stands in one of them. */
const EDGE_BYTES = 512

export interface LineHandlers {
  line(bytes: Buffer): void
  /** A line passed the limit. Called once when that happens, with its beginning only, and once more with both at its end. */
  oversized(head: Buffer, tail: Buffer | undefined): void
}

/**
 * Cuts a stream into lines. Chunks are kept as they came and joined once, when their line ends; a line over the limit is
 * dropped while it streams, so that memory stays bounded however long it gets.
 */
export class LineReader {
  readonly #maxBytes: number
  readonly #handlers: LineHandlers
  #chunks: Buffer[] = []
  #length = 0
  #dropped: { head: Buffer; tail: Buffer } | undefined

  constructor(maxBytes: number, handlers: LineHandlers) {
    this.#maxBytes = maxBytes
    this.#handlers = handlers
  }

  push(chunk: Buffer): void {
    let start = 0
    for (;;) {
      const newline = chunk.indexOf(NEWLINE, start)
      if (newline === -1) break
      this.#append(chunk.subarray(start, newline))
      this.#endLine()
      start = newline + 1
    }
    if (start < chunk.length) this.#append(chunk.subarray(start))
  }

  /** The stream is over: what stands there without a newline counts as a line. */
  end(): void {
    if (this.#length > 0 || this.#dropped) this.#endLine()
  }

  #append(part: Buffer): void {
    if (this.#dropped) {
      this.#dropped.tail = lastBytes(this.#dropped.tail, part)
      freeChunk(part)
      return
    }
    if (this.#length + part.length <= this.#maxBytes) {
      this.#chunks.push(part)
      this.#length += part.length
      return
    }
    const head = Buffer.concat([...this.#chunks, part], Math.min(EDGE_BYTES, this.#length + part.length))
    this.#dropped = { head, tail: lastBytes(head, part) }
    for (const chunk of [...this.#chunks, part]) freeChunk(chunk)
    this.#clear()
    this.#handlers.oversized(head, undefined)
  }

  #endLine(): void {
    if (this.#dropped) {
      const { head, tail } = this.#dropped
      this.#dropped = undefined
      this.#handlers.oversized(head, tail)
      return
    }
    const line = this.#join()
    this.#clear()
    if (line.length > 0) this.#handlers.line(line)
  }

  #join(): Buffer {
    const [only] = this.#chunks
    if (only && this.#chunks.length === 1) return only
    const line = Buffer.concat(this.#chunks, this.#length)
    for (const chunk of this.#chunks) freeChunk(chunk)
    return line
  }

  #clear(): void {
    this.#chunks = []
    this.#length = 0
  }
}

/** A copy, so that the chunk itself can go. */
function lastBytes(before: Buffer, part: Buffer): Buffer {
  return part.length >= EDGE_BYTES
    ? Buffer.from(part.subarray(part.length - EDGE_BYTES))
    : Buffer.concat([before, part]).subarray(-EDGE_BYTES)
}

const ID_AT_HEAD = /^\s*\{(?:\s*"jsonrpc"\s*:\s*"2\.0"\s*,)?\s*"id"\s*:\s*(\d{1,15})\s*,/
/** Only one brace closes after it, so it is a member of the message itself and not of something inside. */
const ID_AT_TAIL = /[,{]\s*"id"\s*:\s*(\d{1,15})\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/

/** The id of a message of which only the edges are known. */
export function idAtEdges(head: Buffer, tail: Buffer | undefined): number | undefined {
  const found = ID_AT_HEAD.exec(head.toString('latin1')) ?? (tail && ID_AT_TAIL.exec(tail.toString('latin1')))
  return found ? Number(found[1]) : undefined
}
