import { JsonNumber, type JsonValue, MAX_DEPTH } from './value.ts'

/** Where a text stops being JSON, and why, in words for the person who typed it. */
export interface JsonFault {
  message: string
  offset: number
  /** Both from 1. */
  line: number
  column: number
}

export type Parsed = { value: JsonValue; fault?: undefined } | { value?: undefined; fault: JsonFault }

const PLAIN_CHARACTERS = /[^"\\\u0000-\u001f]*/y
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const WORD = /[A-Za-z0-9_.+-]+/y
const SPACE = /[\t\n\r ]*/y
const ESCAPES: Record<string, string> = { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' }
const WORDS = new Map<string, JsonValue>([
  ['true', true],
  ['false', false],
  ['null', null],
])

/**
 * Reads JSON (RFC 8259) and keeps what `JSON.parse` would change. A key that is there twice is an error: one of its values
 * would be lost.
 */
export function parseJson(text: string): Parsed {
  try {
    return { value: new Parser(text).document() }
  } catch (thrown) {
    if (thrown instanceof Fault) return { fault: { ...placeOf(text, thrown.offset), message: thrown.message } }
    throw thrown
  }
}

/** Line and column of an offset, both from 1. */
function placeOf(text: string, offset: number): Omit<JsonFault, 'message'> {
  let line = 1
  let start = 0
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
    line += 1
    start = end + 1
  }
  return { offset, line, column: offset - start + 1 }
}

class Fault extends Error {
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  document(): JsonValue {
    this.#take(SPACE)
    const value = this.#value(0)
    this.#take(SPACE)
    if (this.#at < this.#text.length) throw this.#fault('The JSON ends before this: remove the rest')
    return value
  }

  #value(depth: number): JsonValue {
    if (depth > MAX_DEPTH) throw this.#fault(`Nested deeper than ${MAX_DEPTH} levels`)
    switch (this.#text[this.#at]) {
      case '{':
        return this.#object(depth)
      case '[':
        return this.#array(depth)
      case '"':
        return this.#string()
      case undefined:
        throw this.#fault('A value is missing at the end')
      default:
        return this.#word()
    }
  }

  #object(depth: number): JsonValue {
    const members = new Map<string, JsonValue>()
    this.#open()
    if (this.#closes('}')) return members
    for (;;) {
      const start = this.#at
      if (this.#text[start] !== '"') throw this.#fault('Expected a name in double quotes')
      const name = this.#string()
      if (members.has(name)) throw this.#fault(`${JSON.stringify(name)} is there twice`, start)
      this.#take(SPACE)
      if (this.#text[this.#at] !== ':') throw this.#fault('Expected a colon after the name')
      this.#open()
      members.set(name, this.#value(depth + 1))
      if (!this.#continues('}')) return members
    }
  }

  #array(depth: number): JsonValue {
    const items: JsonValue[] = []
    this.#open()
    if (this.#closes(']')) return items
    for (;;) {
      items.push(this.#value(depth + 1))
      if (!this.#continues(']')) return items
    }
  }

  #string(): string {
    let value = ''
    this.#at += 1
    for (;;) {
      value += this.#take(PLAIN_CHARACTERS)
      const char = this.#text[this.#at]
      if (char === '"') break
      if (char === undefined) throw this.#fault('The closing quote of this text is missing')
      if (char !== '\\') throw this.#fault('A line break or control character in a text is written as \\n or \\u0000')
      value += this.#escape()
    }
    this.#at += 1
    return value
  }

  #escape(): string {
    const char = this.#text[this.#at + 1] ?? ''
    const hex = char === 'u' ? /^[0-9a-fA-F]{4}$/.exec(this.#text.slice(this.#at + 2, this.#at + 6))?.[0] : undefined
    const escaped = hex === undefined ? ESCAPES[char] : String.fromCharCode(parseInt(hex, 16))
    if (escaped === undefined) throw this.#fault(`\\${char} means nothing in JSON: write \\\\ for a backslash`)
    this.#at += hex === undefined ? 2 : 6
    return escaped
  }

  #word(): JsonValue {
    const start = this.#at
    const number = this.#take(NUMBER)
    const rest = this.#take(WORD)
    if (number !== '' && rest === '') return new JsonNumber(number)
    const value = WORDS.get(number + rest)
    if (value !== undefined) return value
    if (number + rest === '') throw this.#fault('Expected a value', start)
    throw this.#fault(`${(number + rest).slice(0, 40)} is no JSON value: texts stand in double quotes`, start)
  }

  /** Past the sign here, and the space behind it. */
  #open(): void {
    this.#at += 1
    this.#take(SPACE)
  }

  #closes(end: string): boolean {
    if (this.#text[this.#at] !== end) return false
    this.#at += 1
    return true
  }

  /** After a member: whether another one follows. */
  #continues(end: string): boolean {
    this.#take(SPACE)
    if (this.#closes(end)) return false
    if (this.#text[this.#at] !== ',') throw this.#fault(`Expected a comma or ${end}`)
    const comma = this.#at
    this.#open()
    if (this.#text[this.#at] === end) throw this.#fault(`Nothing follows the comma before ${end}`, comma)
    return true
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0] ?? ''
    this.#at += found.length
    return found
  }

  #fault(message: string, offset = this.#at): Fault {
    return new Fault(message, offset)
  }
}
