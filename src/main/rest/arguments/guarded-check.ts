import type { ErrorObject, ValidateFunction } from 'ajv'
import { createContext, Script, type Context } from 'node:vm'
import { isObject } from '../../base/is-object.ts'
import { definitionName, subschemas } from '../schema-walk.ts'

/** What does not fit; nothing: all does. */
export type GuardedCheck = (value: unknown) => ErrorObject[]

/** A schema that needs longer for one value is not used any more. */
const TIMEOUT_MS = 250
/** Up to here a schema is done soon, however its parts are used. */
const MANY_SCHEMAS = 10_000
/** Definitions that lead to one another in a chain of so many are as good as ones that lead back. */
const MANY_LEVELS = 100

let context: Context | undefined
const script = new Script('check(value)')

/**
 * A schema that a stranger wrote. Threat: a few definitions, each of which leads to the next one twice, are applied to one
 * value more often than anyone can wait for, and nothing else is served meanwhile; one that leads to itself by `allOf`
 * alone has no end at all. What could is run where it can be stopped, and one that had to be stopped fits everything from
 * then on: the API judges.
 */
export function guardedCheck(check: ValidateFunction, schema: Record<string, unknown>): GuardedCheck {
  const errorsOf = (value: unknown): ErrorObject[] => {
    if (check(value)) return []
    const errors = check.errors ?? []
    check.errors = null
    return errors
  }
  if (isSoonDone(schema)) return errorsOf
  let gaveUp = false
  return (value) => {
    if (gaveUp) return []
    context ??= createContext({})
    context.check = errorsOf
    context.value = value
    try {
      return script.runInContext(context, { timeout: TIMEOUT_MS }) as ErrorObject[]
    } catch {
      gaveUp = true
      return []
    } finally {
      context.check = context.value = undefined
    }
  }
}

/** Whether a value meets few schemas only, when each definition counts as often as something leads to it. */
function isSoonDone(root: Record<string, unknown>): boolean {
  const definitions = isObject(root.$defs) ? root.$defs : {}
  const known = new Map<string, number>()
  const definitionSize = (name: string, level: number): number => {
    const size = known.get(name)
    if (size !== undefined) return size
    if (level > MANY_LEVELS) return Infinity
    // Until it is counted it leads back to itself.
    known.set(name, Infinity)
    const counted = sizeOf(definitions[name], level + 1)
    known.set(name, counted)
    return counted
  }
  const sizeOf = (schema: unknown, level: number): number => {
    let size = 0
    const waiting = [schema]
    while (waiting.length > 0 && size <= MANY_SCHEMAS) {
      const one = waiting.pop()
      size++
      if (!isObject(one)) continue
      for (const reference of [one.$ref, one.$dynamicRef]) {
        if (reference === undefined) continue
        const name = definitionName(reference)
        size += name === undefined ? Infinity : definitionSize(name, level)
      }
      for (const inner of subschemas(one === root ? { ...one, $defs: {} } : one)) waiting.push(inner)
    }
    return size
  }
  return sizeOf(root, 0) <= MANY_SCHEMAS
}
