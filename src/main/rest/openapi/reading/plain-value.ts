import { escapeSegment } from '../json-pointer.ts'

/** Deeper than any document that a person or a generator has written; recursion over it stays far from the stack's end. */
export const MAX_DEPTH = 400

const PROTO = '__proto__'
const NO_NUMBER = 'JSON has no such number, it is left out'
const MAX_WARNINGS = 20

/**
 * Makes a parsed value plain JSON, in place: numbers that JSON does not have go, and members called `__proto__`, which would
 * become the prototype of whatever object they are assigned to. Counts the members of all objects, those that go included.
 */
export function plainValue(root: unknown): { members: number; warnings: string[] } {
  const warnings: string[] = []
  const warn = (found: Found, key: string, problem: string) => {
    if (warnings.length < MAX_WARNINGS) warnings.push(`${pointerOf(found)}/${escapeSegment(key)}: ${problem}.`)
  }
  const seen = new Set<object>()
  let members = 0
  // With the way to it as a chain, since hardly any is ever asked for.
  const waiting: Found[] = [{ value: root, key: '', parent: undefined }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value } = next
    if (typeof value !== 'object' || value === null || seen.has(value)) continue
    // Only what YAML's aliases share is ever met twice, and then all of it is.
    seen.add(value)
    if (Array.isArray(value)) {
      const list = value as unknown[]
      for (const [index, item] of list.entries()) {
        if (isNoNumber(item)) {
          warn(next, String(index), NO_NUMBER)
          list[index] = null
        } else if (typeof item === 'object') waiting.push({ value: item, key: String(index), parent: next })
      }
      continue
    }
    const object = value as Record<string, unknown>
    const keys = Object.keys(object)
    members += keys.length
    for (const key of keys) {
      const member = object[key]
      if (key === PROTO || isNoNumber(member)) {
        warn(next, key, key === PROTO ? 'this name is not taken, it is left out' : NO_NUMBER)
        Reflect.deleteProperty(object, key)
      } else if (typeof member === 'object') waiting.push({ value: member, key, parent: next })
    }
  }
  return { members, warnings }
}

interface Found {
  value: unknown
  key: string
  parent: Found | undefined
}

function isNoNumber(value: unknown): boolean {
  return typeof value === 'number' && !Number.isFinite(value)
}

function pointerOf(found: Found): string {
  return found.parent === undefined ? '' : `${pointerOf(found.parent)}/${escapeSegment(found.key)}`
}
