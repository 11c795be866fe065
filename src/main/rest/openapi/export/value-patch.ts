import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { isObject } from '../../../base/is-object.ts'
import { escapeSegment, keysIn } from '../json-pointer.ts'

/** What makes one JSON value of another: values by their JSON Pointer (RFC 6901), and pointers to what is not there. */
export const ValuePatch = z.object({
  set: z.record(z.string(), z.unknown()).optional(),
  without: z.array(z.string()).optional(),
})
export type ValuePatch = z.infer<typeof ValuePatch>

/** Objects member by member, and arrays of one length item by item. Nothing where both are the same. */
export function patchBetween(from: unknown, to: unknown): ValuePatch {
  const set = new Map<string, unknown>()
  const without: string[] = []
  compare(from, to, '')
  return {
    ...(set.size > 0 && { set: Object.fromEntries(set) }),
    ...(without.length > 0 && { without }),
  }

  function compare(one: unknown, other: unknown, pointer: string): void {
    if (isDeepStrictEqual(one, other)) return
    const keys = sharedKeys(one, other)
    if (keys === undefined) set.set(pointer, other)
    else {
      for (const key of keys) {
        const [before, after] = [member(one, key), member(other, key)]
        const place = `${pointer}/${escapeSegment(key)}`
        if (after === undefined) without.push(place)
        else compare(before, after, place)
      }
    }
  }
}

/** The value with the patch in it; the value itself stays as it is. Where a pointer leads nowhere, nothing happens. */
export function applyPatch(value: unknown, { set = {}, without = [] }: ValuePatch): unknown {
  let patched = value
  for (const pointer of without) patched = replaced(patched, keysIn(pointer), undefined)
  for (const [pointer, wanted] of Object.entries(set)) patched = replaced(patched, keysIn(pointer), wanted)
  return patched
}

/** Copies what lies on the way, and nothing else. `undefined` takes a member away. */
function replaced(value: unknown, [key, ...rest]: readonly string[], wanted: unknown): unknown {
  if (key === undefined) return wanted
  if (Array.isArray(value))
    return value.map((item, index): unknown => (String(index) === key ? replaced(item, rest, wanted) : item))
  if (!isObject(value)) return value
  const inner = replaced(member(value, key), rest, wanted)
  // By entries: a member may be called `__proto__`.
  const entries = Object.entries(value).filter(([name]) => name !== key || inner !== undefined)
  const at = entries.findIndex(([name]) => name === key)
  if (at !== -1) entries[at] = [key, inner]
  else if (inner !== undefined) entries.push([key, inner])
  return Object.fromEntries(entries)
}

/** Undefined: the one cannot become the other part by part. */
function sharedKeys(one: unknown, other: unknown): string[] | undefined {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length ? [...one.keys()].map(String) : undefined
  }
  if (!isObject(one) || !isObject(other)) return undefined
  return [...new Set([...Object.keys(one), ...Object.keys(other)])]
}

function member(value: unknown, key: string): unknown {
  const isMember = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
  return isMember ? (value as Record<string, unknown>)[key] : undefined
}
