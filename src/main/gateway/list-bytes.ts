/** JSON text of a list that fits into one answer. More is given in pages: a body must stay within what peers accept. */
const PAGE_BYTES = 8 * 1024 * 1024

const OPEN = Buffer.from('[')
const CLOSE = Buffer.from(']')
const COMMA = 0x2c
const CURSOR = /^v1:(\d{1,10})$/

/** JSON text that can be written somewhere; a Buffer is one. */
export interface Text {
  /** In bytes. */
  readonly length: number
  copy(target: Buffer, at: number): void
}

/** Some elements of a list, as JSON text of an array in pieces, and what to ask for the next ones with. */
export interface Page {
  array: readonly Buffer[]
  nextCursor: string | undefined
}

/** A list ready to be sent: one buffer that all of its pages are slices of. Immutable. */
export class ListBytes {
  /** JSON text of the whole array. */
  readonly bytes: Buffer
  /** Where each element begins, and as the last one where another would. */
  readonly #starts: Uint32Array
  readonly #pageBytes: number

  /** `ready`: the array of just these texts, if somebody has it; then nothing is copied. */
  constructor(
    texts: readonly Text[],
    { ready, pageBytes = PAGE_BYTES }: { ready?: Buffer | undefined; pageBytes?: number } = {},
  ) {
    this.#pageBytes = pageBytes
    this.#starts = new Uint32Array(texts.length + 1)
    let length = 1
    texts.forEach((text, index) => {
      this.#starts[index] = length
      length += text.length + 1
    })
    this.#starts[texts.length] = length
    // Between two elements stands a comma; behind the last one its place is taken by the bracket.
    length = Math.max(length, 2)
    this.bytes = ready?.length === length ? ready : this.#write(texts, length)
  }

  /** The page that a cursor stands for, or the first one; undefined when it is none of ours, or the list shrank below it. */
  page(cursor?: unknown): Page | undefined {
    if (cursor === undefined && this.bytes.length <= this.#pageBytes) {
      return { array: [this.bytes], nextCursor: undefined }
    }
    const from = cursor === undefined ? 0 : readCursor(cursor)
    const count = this.#starts.length - 1
    if (from === undefined || from >= count) return undefined
    const start = this.#startOf(from)
    let to = from + 1
    while (to < count && this.#startOf(to + 1) - start <= this.#pageBytes) to++
    const elements = this.bytes.subarray(start, this.#startOf(to) - 1)
    return { array: [OPEN, elements, CLOSE], nextCursor: to < count ? writeCursor(to) : undefined }
  }

  isSame(other: ListBytes): boolean {
    return this.bytes.equals(other.bytes)
  }

  #write(texts: readonly Text[], length: number): Buffer {
    const bytes = Buffer.allocUnsafeSlow(length)
    bytes.write('[', 0)
    texts.forEach((text, index) => {
      text.copy(bytes, this.#startOf(index))
      bytes[this.#startOf(index + 1) - 1] = COMMA
    })
    bytes.write(']', length - 1)
    return bytes
  }

  #startOf(index: number): number {
    return this.#starts[index] ?? 0
  }
}

function writeCursor(index: number): string {
  return Buffer.from(`v1:${index}`).toString('base64url')
}

function readCursor(cursor: unknown): number | undefined {
  if (typeof cursor !== 'string' || cursor.length > 32) return undefined
  const index = CURSOR.exec(Buffer.from(cursor, 'base64url').toString())?.[1]
  return index === undefined ? undefined : Number(index)
}
