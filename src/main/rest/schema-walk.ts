import { isObject } from '../base/is-object.ts'

/** Keywords of JSON Schema 2020-12 whose value is one schema. */
const ONE = new Set([
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
])
/** Whose value is an array of schemas. */
const MANY = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
/** Whose value is an object of schemas: its keys are names, so that a property called `$ref` is a property. */
const NAMED = new Set(['$defs', 'dependentSchemas', 'patternProperties', 'properties'])

/** The schema with each of the schemas directly inside it replaced. What is data (`enum`, `example`) stays as it is. */
export function mapSubschemas(
  schema: Readonly<Record<string, unknown>>,
  map: (schema: unknown) => unknown,
): Record<string, unknown> {
  // By entries: a property may be called `__proto__`.
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]): [string, unknown] => {
      if (ONE.has(key)) return [key, map(value)]
      if (MANY.has(key) && Array.isArray(value)) return [key, value.map(map)]
      if (NAMED.has(key) && isObject(value)) {
        return [key, Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, map(inner)]))]
      }
      return [key, value]
    }),
  )
}

/** The schemas directly inside of one. */
export function subschemas(schema: Readonly<Record<string, unknown>>): unknown[] {
  return Object.entries(schema).flatMap(([key, value]): unknown[] => {
    if (ONE.has(key)) return [value]
    if (MANY.has(key) && Array.isArray(value)) return value as unknown[]
    return NAMED.has(key) && isObject(value) ? Object.values(value) : []
  })
}

/** Which of the schemas of `$defs` a reference leads to, or leads into. Undefined: to none. */
export function definitionName(reference: unknown): string | undefined {
  if (typeof reference !== 'string' || !reference.startsWith('#/$defs/')) return undefined
  const [token = ''] = reference.slice('#/$defs/'.length).split('/')
  try {
    return decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return undefined
  }
}

/** Those of `$defs` that schemas refer to, directly or by way of others, in the order of `$defs`. */
export function reachableDefs(
  schemas: readonly unknown[],
  $defs: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const reached = new Set<string>()
  const waiting = [...schemas]
  while (waiting.length > 0) {
    const schema = waiting.pop()
    if (!isObject(schema)) continue
    for (const reference of [schema.$ref, schema.$dynamicRef]) {
      const name = definitionName(reference)
      if (name === undefined || reached.has(name) || !Object.hasOwn($defs, name)) continue
      reached.add(name)
      waiting.push($defs[name])
    }
    for (const inner of subschemas(schema)) waiting.push(inner)
  }
  return Object.fromEntries(Object.entries($defs).filter(([name]) => reached.has(name)))
}
