/** Where a value stands in a JSON text: from its first byte to the one after its last. */
export type Span = readonly [start: number, end: number]

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d
const OPEN_BRACKET = 0x5b
const CLOSE_BRACKET = 0x5d

/** Most strings are short: up to here a loop is faster than a call of `indexOf`, which then takes over for long ones. */
const LOOP_BYTES = 48
/** The same behind an escaped quote that came soon: where there is one more are near, and each would end a call. */
const DENSE_LOOP_BYTES = 1024

/**
 * Byte ranges of the members of the JSON object that starts at `from` (white space before it is skipped), by key.
 * The text must be one that `JSON.parse` accepted: nothing is validated again. Of a key that stands twice the last one
 * counts, as in `JSON.parse`. Ranges let a relay cut values out and put others in while every other byte stays as it came.
 */
export function members(json: Buffer, from = 0): Map<string, Span> {
  const found = new Map<string, Span>()
  walk(json, from, (key, afterKey, start, end) => found.set(readKey(json, key, afterKey), [start, end]))
  return found
}

/** The same of one member, which makes nothing for the others. */
export function spanOf(json: Buffer, wanted: string, from = 0): Span | undefined {
  let found: Span | undefined
  walk(json, from, (key, afterKey, start, end) => {
    if (isKey(json, key, afterKey, wanted)) found = [start, end]
  })
  return found
}

/** The same of two members, in one walk: an envelope is looked at for each message. */
export function spansOf(json: Buffer, first: string, second: string): [Span | undefined, Span | undefined] {
  const found: [Span | undefined, Span | undefined] = [undefined, undefined]
  walk(json, 0, (key, afterKey, start, end) => {
    if (isKey(json, key, afterKey, first)) found[0] = [start, end]
    else if (isKey(json, key, afterKey, second)) found[1] = [start, end]
  })
  return found
}

/** How many members an object has, each one that stands twice counted twice. */
export function countMembers(json: Buffer, from = 0): number {
  let count = 0
  walk(json, from, () => count++)
  return count
}

/** Tells of each member where its key and its value begin and end, in the order in which they stand. */
function walk(json: Buffer, from: number, tell: (key: number, afterKey: number, start: number, end: number) => void) {
  let at = skipSpace(json, from)
  if (json[at] !== OPEN_BRACE) return
  at = skipSpace(json, at + 1)
  while (json[at] === QUOTE) {
    const key = at
    const afterKey = skipString(json, key)
    const start = skipSpace(json, skipSpace(json, afterKey) + 1) // one byte is the colon
    const end = skipValue(json, start)
    tell(key, afterKey, start, end)
    at = skipSpace(json, end)
    if (json[at] !== COMMA) break
    at = skipSpace(json, at + 1)
  }
}

/** Byte ranges of the elements of the JSON array that starts at `from`, in order; same conditions as `members`. */
export function elements(json: Buffer, from = 0): Span[] {
  const found: Span[] = []
  let at = skipSpace(json, from)
  if (json[at] !== OPEN_BRACKET) return found
  at = skipSpace(json, at + 1)
  while (at < json.length && json[at] !== CLOSE_BRACKET) {
    const end = skipValue(json, at)
    found.push([at, end])
    at = skipSpace(json, end)
    if (json[at] !== COMMA) break
    at = skipSpace(json, at + 1)
  }
  return found
}

function readKey(json: Buffer, start: number, end: number): string {
  const text = json.toString('utf8', start, end)
  return text.includes('\\') ? (JSON.parse(text) as string) : text.slice(1, -1)
}

/** `wanted` is plain ASCII. */
function isKey(json: Buffer, start: number, end: number, wanted: string): boolean {
  const isAsLong = end - start - 2 === wanted.length
  for (let at = start + 1; at < end - 1; at++) {
    const byte = json[at]
    if (byte === BACKSLASH) return readKey(json, start, end) === wanted
    if (isAsLong && byte !== wanted.charCodeAt(at - start - 1)) return false
  }
  return isAsLong
}

function skipSpace(json: Buffer, from: number): number {
  let at = from
  for (;;) {
    const byte = json[at]
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at
    at++
  }
}

function skipValue(json: Buffer, start: number): number {
  const first = json[start]
  if (first === QUOTE) return skipString(json, start)
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipContainer(json, start)
  return skipScalar(json, start)
}

/** Without recursion: a text may nest deeper than the stack allows. */
function skipContainer(json: Buffer, start: number): number {
  const end = json.length
  let depth = 1
  let at = start + 1
  while (at < end) {
    const byte = json[at]
    if (byte === QUOTE) {
      at = skipString(json, at)
      continue
    }
    at++
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return at
  }
  return end
}

function skipScalar(json: Buffer, start: number): number {
  const end = json.length
  let at = start
  while (at < end) {
    const byte = json[at] ?? 0
    if (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte === COLON || byte <= 0x20) return at
    at++
  }
  return end
}

/** From the opening quote to the byte after the closing one. */
export function skipString(json: Buffer, start: number): number {
  const end = json.length
  let at = start + 1
  let loopBytes = LOOP_BYTES
  for (;;) {
    const loopEnd = Math.min(at + loopBytes, end)
    while (at < loopEnd) {
      const byte = json[at]
      if (byte === QUOTE) return at + 1
      at += byte === BACKSLASH ? 2 : 1
    }
    if (at >= end) return end
    const quote = json.indexOf(QUOTE, at)
    if (quote === -1) return end
    if (!isEscaped(json, at, quote)) return quote + 1
    loopBytes = quote - at < DENSE_LOOP_BYTES ? DENSE_LOOP_BYTES : LOOP_BYTES
    at = quote + 1
  }
}

/** Whether the byte at `at` stands behind an odd number of backslashes; `from` is known not to be escaped itself. */
function isEscaped(json: Buffer, from: number, at: number): boolean {
  let backslashes = 0
  while (at - 1 - backslashes >= from && json[at - 1 - backslashes] === BACKSLASH) backslashes++
  return backslashes % 2 === 1
}
