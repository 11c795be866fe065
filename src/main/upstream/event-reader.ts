const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const COLON = 0x3a
const SPACE = 0x20
const BYTE_ORDER_MARK = Buffer.from('\ufeff')
const NEWLINE = Buffer.from('\n')
/** Of data that is dropped its beginning and end are kept: the request's id stands in one of them. */
const EDGE_BYTES = 512
/** The longest name of a field that means something. */
const LONGEST_FIELD = 'event'.length

export interface EventReaderHandlers {
  /** The event that is told next, or one that was passed over, has this id. */
  id?(id: string): void
  /** `type` is empty where the server gave none. */
  event(type: string, data: Buffer): void
  retry(afterMs: number): void
  /** An event passed the limit. Called once when that happens, with its beginning only, and once more with both at its end. */
  oversized(head: Buffer, tail: Buffer | undefined): void
}

/**
 * Server-sent events (WHATWG HTML, 9.2.6) out of bytes, without a detour over text: the data of an event is what came.
 * An event over the limit is dropped while it streams, and the next one is read again: on a stream that many calls share
 * one long answer must not cost the others theirs.
 */
export class EventReader {
  readonly #maxBytes: number
  readonly #handlers: EventReaderHandlers
  #line: Buffer[] = []
  #lineLength = 0
  #type = ''
  #id: string | undefined
  #data: Buffer[] = []
  #dataLength = 0
  #dropped: { head: Buffer; tail: Buffer } | undefined
  #isFirstLine = true
  #skipLineFeed = false

  constructor(maxBytes: number, handlers: EventReaderHandlers) {
    this.#maxBytes = maxBytes
    this.#handlers = handlers
  }

  push(chunk: Buffer): void {
    if (chunk.length === 0) return
    let start = this.#skipLineFeed && chunk[0] === LINE_FEED ? 1 : 0
    this.#skipLineFeed = false
    let lineFeed = chunk.indexOf(LINE_FEED, start)
    let carriageReturn = chunk.indexOf(CARRIAGE_RETURN, start)
    while (lineFeed !== -1 || carriageReturn !== -1) {
      const returns = carriageReturn !== -1 && (lineFeed === -1 || carriageReturn < lineFeed)
      const end = returns ? carriageReturn : lineFeed
      this.#append(chunk.subarray(start, end))
      this.#endLine()
      start = end + 1
      if (returns) {
        if (chunk[start] === LINE_FEED) start++
        this.#skipLineFeed = start === chunk.length && chunk[start - 1] === CARRIAGE_RETURN
        carriageReturn = chunk.indexOf(CARRIAGE_RETURN, start)
      }
      if (lineFeed !== -1 && lineFeed < start) lineFeed = chunk.indexOf(LINE_FEED, start)
    }
    this.#append(chunk.subarray(start))
  }

  #append(part: Buffer): void {
    if (part.length === 0) return
    if (this.#dropped) {
      this.#dropped.tail = lastBytes(this.#dropped.tail, part)
    } else {
      this.#line.push(part)
      if (this.#dataLength + this.#lineLength + part.length > this.#maxBytes) this.#drop(part)
    }
    this.#lineLength += part.length
  }

  #drop(part: Buffer): void {
    const length = Math.min(EDGE_BYTES, this.#dataLength + this.#lineLength + part.length)
    const head = Buffer.concat([...this.#data, ...this.#line.splice(0)], length)
    const isFirst = this.#data.length === 0
    this.#data = []
    this.#dataLength = 0
    this.#dropped = {
      head: isFirst ? (fieldValue(head, 'data') ?? Buffer.alloc(0)) : head,
      tail: lastBytes(head, part),
    }
    this.#handlers.oversized(this.#dropped.head, undefined)
  }

  #endLine(): void {
    const length = this.#lineLength
    this.#lineLength = 0
    if (length === 0) this.#endEvent()
    else if (!this.#dropped) this.#readLine(this.#takeLine(length))
  }

  #takeLine(length: number): Buffer {
    const parts = this.#line
    this.#line = []
    const [only] = parts
    const line = only && parts.length === 1 ? only : Buffer.concat(parts, length)
    const isMarked = this.#isFirstLine && line.subarray(0, BYTE_ORDER_MARK.length).equals(BYTE_ORDER_MARK)
    this.#isFirstLine = false
    return isMarked ? line.subarray(BYTE_ORDER_MARK.length) : line
  }

  #readLine(line: Buffer): void {
    const data = fieldValue(line, 'data')
    if (data) {
      this.#data.push(data)
      this.#dataLength += data.length
      return
    }
    const type = fieldValue(line, 'event')
    if (type) {
      this.#type = type.toString('utf8')
      return
    }
    const id = fieldValue(line, 'id')
    if (id) {
      // One with a NUL is none (WHATWG HTML, 9.2.6).
      if (!id.includes(0)) this.#id = id.toString('utf8')
      return
    }
    const retry = fieldValue(line, 'retry')?.toString('latin1')
    if (retry !== undefined && /^\d{1,9}$/.test(retry)) this.#handlers.retry(Number(retry))
  }

  #endEvent(): void {
    const [type, data, dropped, id] = [this.#type, this.#data, this.#dropped, this.#id]
    this.#id = undefined
    this.#type = ''
    this.#data = []
    this.#dataLength = 0
    this.#dropped = undefined
    if (id !== undefined) this.#handlers.id?.(id)
    if (dropped) this.#handlers.oversized(dropped.head, dropped.tail)
    else if (data[0]) this.#handlers.event(type, data.length === 1 ? data[0] : joined(data))
  }
}

/** What stands behind `name:` in a line. Undefined for another field; a line that is nothing but the name has no value. */
function fieldValue(line: Buffer, name: string): Buffer | undefined {
  const colon = line.subarray(0, LONGEST_FIELD + 1).indexOf(COLON)
  const end = colon === -1 ? line.length : colon
  if (end !== name.length || line.toString('latin1', 0, end) !== name) return undefined
  return line.subarray(line[end + 1] === SPACE ? end + 2 : end + 1)
}

function joined(lines: Buffer[]): Buffer {
  return Buffer.concat(lines.flatMap((line, index) => (index === 0 ? [line] : [NEWLINE, line])))
}

/** A copy, so that the chunk itself can go. */
function lastBytes(before: Buffer, part: Buffer): Buffer {
  return part.length >= EDGE_BYTES
    ? Buffer.from(part.subarray(part.length - EDGE_BYTES))
    : Buffer.concat([before, part]).subarray(-EDGE_BYTES)
}
