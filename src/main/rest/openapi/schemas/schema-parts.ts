import { isDeepStrictEqual } from 'node:util'
import type { JsonSchema } from '../../../../shared/contract/rest.ts'
import { isObject } from '../../../base/is-object.ts'
import { isAnnotation, isNull, orNull } from './nullable.ts'
import { child, items, type ObjectPlace, type Place } from '../mapping/place.ts'
import { OCTETS } from './schema-keywords.ts'

type Schema = Record<string, unknown>

/** Bytes are text in JSON: base64. Whatever else a format says is kept. */
export function formatOf({ format, type, contentEncoding, contentMediaType }: Schema): Schema {
  const isFile = format === 'binary' || format === 'file' || type === 'file'
  const isBinary = isFile || format === 'byte'
  const encoding = isBinary ? 'base64' : contentEncoding
  const media = isFile ? OCTETS : contentMediaType
  return {
    ...(typeof format === 'string' && format !== '' && !isBinary && { format }),
    ...(typeof encoding === 'string' && { contentEncoding: encoding }),
    ...(typeof media === 'string' && { contentMediaType: media }),
  }
}

/** Before 2019-09 `dependencies` had this as well. */
export function dependentRequired(schema: Schema, hidden: ReadonlySet<string>): Record<string, unknown> | undefined {
  const given = schema.dependentRequired ?? schema.dependencies
  if (!isObject(given)) return undefined
  const lists = Object.entries(given).flatMap(([name, wanted]): [string, unknown[]][] => {
    if (!Array.isArray(wanted) || hidden.has(name)) return []
    const names = wanted.filter((one) => typeof one === 'string' && !hidden.has(one))
    return names.length === 0 ? [] : [[name, [...new Set(names)]]]
  })
  return lists.length === 0 ? undefined : Object.fromEntries(lists)
}

/** `items` was a list for tuples before 2020-12, with `additionalItems` for the rest. */
export function listsOf(place: ObjectPlace): { items: Place | undefined; prefix: Place[] } {
  if (Array.isArray(place.value.items)) {
    return { items: child(place, 'additionalItems'), prefix: items(child(place, 'items')) }
  }
  return { items: child(place, 'items'), prefix: items(child(place, 'prefixItems')) }
}

/** Each schema once, the first of those that say the same. */
export function distinct<Value>(schemas: readonly Value[]): Value[] {
  return schemas.filter((schema, index) => schemas.findIndex((other) => isDeepStrictEqual(other, schema)) === index)
}

export function withoutHidden(schema: JsonSchema, hidden: ReadonlySet<string>): JsonSchema {
  if (hidden.size === 0 || !isObject(schema)) return schema
  const result = { ...schema }
  if (isObject(result.properties)) {
    result.properties = Object.fromEntries(Object.entries(result.properties).filter(([name]) => !hidden.has(name)))
  }
  if (Array.isArray(result.required)) {
    const names: unknown[] = result.required.filter((name) => !hidden.has(name as string))
    if (names.length > 0) result.required = names
    else delete result.required
  }
  return result
}

/** A choice between null and one plain type is one schema with two types. */
export function tidy(schema: Schema): JsonSchema {
  const { anyOf, ...rest } = schema
  if (!Array.isArray(anyOf) || anyOf.length !== 2 || !anyOf.some(isNull)) return schema
  const other = anyOf.find((branch) => !isNull(branch)) as JsonSchema | undefined
  if (!isObject(other) || typeof other.type !== 'string' || !Object.keys(rest).every(isAnnotation)) return schema
  if (['anyOf', 'oneOf', 'allOf', '$ref', 'not', 'if', 'const'].some((keyword) => keyword in other)) return schema
  return { ...(orNull(other) as Schema), ...rest }
}
