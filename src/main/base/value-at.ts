import { isObject } from './is-object.ts'

/** What stands in a parsed JSON value behind these keys of objects, one inside the other. Undefined: nothing does. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined), value)
}
