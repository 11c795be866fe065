import { isObject } from '../../base/is-object.ts'

/** A key as a segment of a JSON Pointer (RFC 6901). */
export function escapeSegment(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1')
}

/** The keys on the way that a JSON Pointer goes. */
export function keysIn(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** What stands at a JSON Pointer. Undefined: nothing does. Never what an object inherits. */
export function valueAtPointer(value: unknown, pointer: string): unknown {
  let at = value
  for (const key of keysIn(pointer)) {
    if (Array.isArray(at)) at = /^(0|[1-9]\d*)$/.test(key) ? (at[Number(key)] as unknown) : undefined
    else at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined
  }
  return at
}
