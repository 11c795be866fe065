import { keysOf } from '../../json/pointer.ts'

/** A JSON Schema as a server sent it: nothing about it is certain. */
export type Schema = Readonly<Record<string, unknown>>

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** Properties in the order they came, whatever their names are. */
export function propertiesOf(schema: Schema): [string, unknown][] {
  return isSchema(schema.properties) ? Object.entries(schema.properties) : []
}

/**
 * What a local `$ref` (`#`, `#/$defs/city`) points to; undefined for every other one. Nothing is ever fetched: a schema
 * could name any address on this machine's network.
 */
export function resolveLocal(root: unknown, ref: string): unknown {
  if (ref === '#') return root
  if (!ref.startsWith('#/')) return undefined
  let pointer: string
  try {
    pointer = decodeURIComponent(ref.slice(1))
  } catch {
    return undefined
  }
  return keysOf(pointer).reduce<unknown>((at, key) => {
    if (Array.isArray(at)) return at[Number(key)] as unknown
    return isSchema(at) && Object.hasOwn(at, key) ? at[key] : undefined
  }, root)
}

/** Say something about a value without deciding which values there are. */
const ANNOTATIONS = new Set(['title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly'])
const NOT_MERGED = new Set(['$ref', 'allOf', '$defs', 'definitions', '$id', '$schema', '$comment'])

/** One schema that asks for both, or undefined where that takes more than putting them side by side. */
export function mergeSchemas(first: Schema, second: Schema): Schema | undefined {
  const merged: Record<string, unknown> = { ...first }
  for (const [key, value] of Object.entries(second)) {
    const own = Object.hasOwn(first, key) ? first[key] : undefined
    if (NOT_MERGED.has(key)) continue
    if (own === undefined) merged[key] = value
    else if (key === 'required') merged.required = [...new Set([...listOf(own), ...listOf(value)])]
    else if (key === 'properties') {
      const properties = mergeProperties(first, second)
      if (!properties) return undefined
      merged.properties = properties
    } else if (!ANNOTATIONS.has(key) && !isSame(own, value)) return undefined
  }
  return merged
}

function mergeProperties(first: Schema, second: Schema): Schema | undefined {
  const all = new Map(propertiesOf(first))
  for (const [name, property] of propertiesOf(second)) {
    if (all.has(name) && !isSame(all.get(name), property)) return undefined
    all.set(name, property)
  }
  return Object.fromEntries(all)
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other)
}
