/**
 * JSON as it was written. JavaScript's own values would change it: 12345678901234567890 and 1.0 become other numbers,
 * keys that look like numbers move to the front, `__proto__` becomes the prototype. These keep all of that.
 */
export type JsonValue = null | boolean | string | JsonNumber | Unfinished | JsonArray | JsonObject
export type JsonArray = readonly JsonValue[]
export type JsonObject = ReadonlyMap<string, JsonValue>

/** A number by its text, of which JavaScript's number may be only the nearest one. */
export class JsonNumber {
  readonly finished = true
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** What was typed into one field and is not JSON yet: it is kept as it is, and shown where it stands. */
export class Unfinished {
  readonly finished = false
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** The number that this text is in JSON, or the text itself as unfinished. */
export function numberFrom(text: string): JsonNumber | Unfinished {
  return NUMBER.test(text) ? new JsonNumber(text) : new Unfinished(text)
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return value instanceof Map
}

export function isArray(value: JsonValue | undefined): value is JsonArray {
  return Array.isArray(value)
}

/** Deeper nesting serves nobody, and each level takes room on the stack. */
export const MAX_DEPTH = 500

/** Of a value that `JSON.parse` made; what is nested too deeply is left out. */
export function fromPlain(plain: unknown, depth = 0): JsonValue {
  if (typeof plain === 'number') return new JsonNumber(JSON.stringify(plain))
  if (typeof plain === 'string' || typeof plain === 'boolean') return plain
  if (typeof plain !== 'object' || plain === null || depth > MAX_DEPTH) return null
  if (Array.isArray(plain)) return plain.map((item) => fromPlain(item, depth + 1))
  return new Map(Object.entries(plain).map(([key, member]) => [key, fromPlain(member, depth + 1)]))
}

/** The same value; numbers by their text, except that 1.0 and 1 are two. */
export function sameValue(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (one === other) return true
  if (one instanceof JsonNumber) return other instanceof JsonNumber && one.text === other.text
  if (isArray(one)) {
    return isArray(other) && one.length === other.length && one.every((item, index) => sameValue(item, other[index]))
  }
  if (isObject(one)) {
    return (
      isObject(other) &&
      one.size === other.size &&
      [...one].every(([key, member]) => other.has(key) && sameValue(member, other.get(key)))
    )
  }
  return false
}
