import type { ErrorObject } from 'ajv'
import { isObject } from '../../base/is-object.ts'
import { nestsTooDeep } from '../../base/json-depth.ts'
import { ExactNumber, numberOf, parseExact } from '../exact-numbers.ts'

/** In a string that stands for a structure. What reads arguments calls itself for each level. */
const MAX_LEVELS = 100
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/

/** What models write in place of a value of the right type, put right; undefined: it is something else. */
function mended(value: unknown, type: string): { value: unknown } | undefined {
  const isNumeric = typeof value === 'number' || value instanceof ExactNumber
  switch (type) {
    case 'number':
    case 'integer':
      return typeof value === 'string' && NUMBER.test(value) ? { value: numberOf(value) } : undefined
    case 'boolean':
      return value === 'true' || value === 'false' ? { value: value === 'true' } : undefined
    case 'string':
      return isNumeric || typeof value === 'boolean' ? { value: String(value) } : undefined
    case 'object':
    case 'array': {
      const parsed = typeof value === 'string' ? container(value) : undefined
      if (parsed !== undefined && Array.isArray(parsed) === (type === 'array')) return { value: parsed }
      const isScalar = typeof value === 'string' || typeof value === 'boolean' || isNumeric
      return type === 'array' && (isScalar || isObject(value)) ? { value: [value] } : undefined
    }
    default:
      return undefined
  }
}

function container(text: string): object | undefined {
  if (!/^\s*[[{]/.test(text) || nestsTooDeep(Buffer.from(text), MAX_LEVELS)) return undefined
  try {
    return parseExact(text) as object
  } catch {
    return undefined
  }
}

/**
 * The arguments with what these errors are about put right as far as a model's habits explain it: `"5"` for 5, `5` for
 * `"5"`, `"true"`, JSON in a string, one value for a list of one, null for an argument that is left out. Undefined: nothing
 * of that kind is in it. Whether it fits now is for the schema to say.
 */
export function mendedArguments(
  args: Record<string, unknown>,
  errors: readonly ErrorObject[],
): Record<string, unknown> | undefined {
  let result: unknown = args
  const seen = new Set<string>()
  const copies = new Set<unknown>()
  for (const { keyword, instancePath, params } of errors) {
    if (keyword !== 'type' || seen.has(instancePath)) continue
    const path = instancePath.split('/').slice(1).map(unescaped)
    const value = valueAt(result, path)
    if (value === null && path.length === 1) {
      seen.add(instancePath)
      result = Object.fromEntries(Object.entries(result as object).filter(([key]) => key !== path[0]))
      continue
    }
    const types = [(params as { type: string | string[] }).type].flat()
    const better = types.map((type) => mended(value, type)).find((found) => found !== undefined)
    if (better === undefined) continue
    seen.add(instancePath)
    result = withValue(result, path, better.value, copies)
  }
  return seen.size === 0 ? undefined : (result as Record<string, unknown>)
}

function unescaped(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~')
}

function valueAt(root: unknown, path: readonly string[]): unknown {
  let value = root
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<string, unknown>)[key]
  }
  return value
}

/** `copies`: what is nobody else's. Each container is copied once, however many of its values are put right. */
function withValue(root: unknown, [key, ...rest]: readonly string[], value: unknown, copies: Set<unknown>): unknown {
  if (key === undefined) return value
  if (typeof root !== 'object' || root === null) return root
  const own = copies.has(root) ? root : Array.isArray(root) ? [...(root as unknown[])] : { ...root }
  copies.add(own)
  const inner = withValue((own as Record<string, unknown>)[key], rest, value, copies)
  // Not by assignment: an argument may be called `__proto__`.
  Object.defineProperty(own, key, { value: inner, writable: true, enumerable: true, configurable: true })
  return own
}
