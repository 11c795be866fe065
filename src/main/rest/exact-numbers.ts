import { randomUUID } from 'node:crypto'
import { isObject } from '../base/is-object.ts'
import { elements, members } from '../base/json-members.ts'

/** In front of a number's text while `JSON.stringify` writes it as a string. Nobody can guess it, so no string is one. */
const MARK = `exact-number:${randomUUID()}:`
const MARKED = new RegExp(`"${MARK}([^"]*)"`, 'g')
/** Where in a JSON text a number may stand that no double holds: many digits, or an exponent. */
const SUSPICIOUS = /\d[\d.]{15}|\d[eE]/
/**
 * Each level is read once for each level above it, so more of them would take seconds for a few MiB. Deeper down numbers are
 * what `JSON.parse` makes of them.
 */
const MAX_DEPTH = 32

/** A number that a double does not hold, by its JSON text. It goes through a request or an answer as it came. */
export class ExactNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }

  toJSON(): string {
    return MARK + this.text
  }
}

/** `JSON.parse`, but numbers that would change are `ExactNumber`. */
export function parseExact(json: string | Buffer): unknown {
  const text = json.toString()
  const value: unknown = JSON.parse(text)
  return SUSPICIOUS.test(text) ? exactly(value, Buffer.isBuffer(json) ? json : Buffer.from(text), 0, 0) : value
}

/** `JSON.stringify`, which writes an `ExactNumber` as it came. */
export function writeJson(value: unknown): string {
  const text = JSON.stringify(value)
  return text.includes(MARK) ? text.replace(MARKED, '$1') : text
}

/** The number, or its text where it has to be kept. */
export function numberOf(text: string): number | ExactNumber {
  const value = Number(text)
  return isSame(value, text) ? value : new ExactNumber(text)
}

function exactly(value: unknown, json: Buffer, start: number, depth: number): unknown {
  if (depth > MAX_DEPTH) return value
  if (Array.isArray(value)) {
    const spans = elements(json, start)
    return value.map((item: unknown, index) => inside(item, json, spans[index], depth))
  }
  if (!isObject(value)) return depth === 0 && typeof value === 'number' ? numberOf(json.toString().trim()) : value
  const spans = members(json, start)
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, inside(item, json, spans.get(key), depth)]),
  )
}

function inside(value: unknown, json: Buffer, span: readonly [number, number] | undefined, depth: number): unknown {
  if (span === undefined) return value
  if (typeof value === 'number') return numberOf(json.toString('latin1', span[0], span[1]))
  return typeof value === 'object' && value !== null ? exactly(value, json, span[0], depth + 1) : value
}

/** Up to 15 digits survive in a double, whatever they are. */
function isSame(value: number, text: string): boolean {
  if (!Number.isFinite(value)) return false
  if (String(value) === text) return true
  const digits = text
    .replace(/[eE].*$/, '')
    .replace(/[-.]/g, '')
    .replace(/^0+|0+$/g, '')
  return digits.length <= 15
}
