import { isArray, isObject, type JsonValue, Unfinished } from './value.ts'

/** The pointer (RFC 6901) of a member below another one; the whole value is `''`. */
export function pointerTo(parent: string, key: string | number): string {
  return `${parent}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

export function keysOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

export function valueAt(root: JsonValue | undefined, pointer: string): JsonValue | undefined {
  return keysOf(pointer).reduce<JsonValue | undefined>((value, key) => memberOf(value, key), root)
}

/** The same value with one member set, or taken away by undefined. All that is not on the way to it stays the same. */
export function withValueAt(root: JsonValue, pointer: string, value: JsonValue | undefined): JsonValue {
  return change(root, keysOf(pointer), value) ?? new Map()
}

/** The pointer of the first text that is not JSON yet. */
export function firstUnfinished(value: JsonValue, pointer = ''): string | undefined {
  if (value instanceof Unfinished) return pointer
  const members = isObject(value) ? value : isArray(value) ? value.entries() : []
  for (const [key, member] of members) {
    // Texts and numbers are most of a large value.
    if (typeof member !== 'object' || member === null) continue
    const found = firstUnfinished(member, pointerTo(pointer, key))
    if (found !== undefined) return found
  }
  return undefined
}

function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (isObject(value)) return value.get(key)
  return isArray(value) ? value[Number(key)] : undefined
}

function change(
  target: JsonValue | undefined,
  [key, ...rest]: string[],
  value: JsonValue | undefined,
): JsonValue | undefined {
  if (key === undefined) return value
  const member = change(memberOf(target, key), rest, value)
  if (isArray(target)) {
    const index = Number(key)
    return member === undefined
      ? target.filter((_, other) => other !== index)
      : [...target.slice(0, index), member, ...target.slice(index + 1)]
  }
  const members = new Map(isObject(target) ? target : [])
  if (member === undefined) members.delete(key)
  else members.set(key, member)
  return members
}
