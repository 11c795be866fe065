import { isDeepStrictEqual } from 'node:util'
import type { FieldChange } from '../../../../shared/contract/openapi.ts'
import { isObject } from '../../../base/is-object.ts'

/** One value in three states: as the former document had it, as it is now, and as the newer document has it. */
export interface ThreeWay {
  base: unknown
  mine: unknown
  next: unknown
}

/**
 * The value with the document's changes in it. What differs from the former document was edited by hand and stays; such
 * a change is told as `kept`. Objects are merged member by member, so that an edit of one keyword does not hold back the
 * change of another. Lists are one value. `undefined` is what is not there.
 */
export function mergeThreeWay({ base, mine, next }: ThreeWay, path: string, changes: FieldChange[]): unknown {
  if (isDeepStrictEqual(base, next) || isDeepStrictEqual(mine, next)) return mine
  if (isObject(mine) && isObject(next) && (isObject(base) || base === undefined)) {
    return mergeMembers(base ?? {}, mine, next, path, changes)
  }
  const kept = !isDeepStrictEqual(base, mine)
  changes.push({ path, before: jsonText(mine), after: jsonText(next), kept })
  return kept ? mine : next
}

function mergeMembers(
  base: Record<string, unknown>,
  mine: Record<string, unknown>,
  next: Record<string, unknown>,
  path: string,
  changes: FieldChange[],
): Record<string, unknown> {
  // In the document's order, so that a tool nobody edited becomes exactly what the document says.
  const keys = new Set([...Object.keys(next), ...Object.keys(mine)])
  const merged: [string, unknown][] = []
  for (const key of keys) {
    const sides = { base: member(base, key), mine: member(mine, key), next: member(next, key) }
    const value = mergeThreeWay(sides, joinPath(path, key), changes)
    if (value !== undefined) merged.push([key, value])
  }
  return Object.fromEntries(merged)
}

/** Never what an object inherits: a schema may well have a property called `constructor`. */
function member(object: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

/** `schema.properties.limit`; a name that is no plain word in brackets, as in JavaScript. */
export function joinPath(path: string, key: string): string {
  const isPlain = /^[\w$-]+$/.test(key)
  if (path === '') return isPlain ? key : `[${JSON.stringify(key)}]`
  return isPlain ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`
}

function jsonText(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
