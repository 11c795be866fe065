import { isDeepStrictEqual } from 'node:util'
import type { JsonSchema } from '../../../../shared/contract/rest.ts'
import { isObject } from '../../../base/is-object.ts'
import { isAnnotation, splitAnnotations } from './nullable.ts'
import { distinct } from './schema-parts.ts'

type Schema = Record<string, unknown>

/** What is about properties that others do not name: beside the properties of another schema it would mean something else. */
const ABOUT_THE_REST = ['additionalProperties', 'patternProperties', 'unevaluatedProperties', 'unevaluatedItems']
/** What means something only together. */
const CONDITION = ['if', 'then', 'else']
const LISTS = ['items', 'prefixItems', 'contains']

/**
 * One schema for what has to fit all of `branches`, the last of which has the say in titles and descriptions. What cannot be
 * said in one stays in `allOf`. Merging never forbids what the branches together allow.
 */
export function mergeAllOf(branches: readonly JsonSchema[]): JsonSchema {
  if (branches.includes(false)) return false
  const schemas = branches.filter(isObject)
  const split = schemas.map(splitAnnotations)
  const annotations: Schema = Object.assign({}, ...split.map((one) => one.annotations)) as Schema
  const structural = split.map(({ rest }) => rest).filter((rest) => Object.keys(rest).length > 0)
  const different = distinct(structural)
  const [only] = different
  if (only === undefined) return annotations
  if (different.length === 1) {
    // A description of its own stands for that of the branch.
    const own = schemas[split.findIndex(({ rest }) => isDeepStrictEqual(rest, only))] ?? {}
    return { ...own, ...annotations }
  }
  // Closed to further properties all together is what authors mean by branches of which each is closed.
  const isClosed = different.every((schema) => schema.additionalProperties === false)
  let merged: Schema = {}
  const apart: Schema[] = []
  for (const schema of different) {
    const opened = opensToOthers(schema) ? without(schema, 'additionalProperties') : schema
    const next = mergeTwo(merged, opened)
    if (next === undefined) apart.push(schema)
    else merged = next
  }
  if (isClosed && apart.length === 0) merged.additionalProperties = false
  if (apart.length > 0) merged.allOf = [...(Array.isArray(merged.allOf) ? (merged.allOf as unknown[]) : []), ...apart]
  return { ...merged, ...annotations }
}

/** Both in one. Undefined: they say different things in the same keyword. */
function mergeTwo(one: Schema, other: Schema): Schema | undefined {
  if (Object.keys(one).length === 0) return other
  // A reference stands beside anything (2020-12, Core 8.2.3.1), but two of them do not.
  if (isLoneReference(one) && !('$ref' in other)) return { ...one, ...other }
  if (isLoneReference(other) && !('$ref' in one)) return { ...one, ...other }
  const merged: Schema = { ...one }
  for (const group of [ABOUT_THE_REST, CONDITION, LISTS]) {
    const isIn = (schema: Schema) => group.some((keyword) => keyword in schema)
    const isAbout = group === ABOUT_THE_REST ? isIn(one) || isIn(other) : isIn(one) && isIn(other)
    if (isAbout && !group.every((keyword) => isDeepStrictEqual(one[keyword], other[keyword]))) return undefined
  }
  for (const [keyword, value] of Object.entries(other)) {
    const { [keyword]: present } = one
    if (present === undefined || isDeepStrictEqual(present, value)) merged[keyword] = value
    else if (keyword === 'required') merged.required = union(present, value)
    else if (keyword === 'properties') merged.properties = mergeProperties(present as Schema, value as Schema)
    else if (keyword === 'type') {
      const type = commonType(present, value)
      if (type === undefined) return undefined
      merged.type = type
    } else if (keyword === 'allOf') merged.allOf = [...(present as unknown[]), ...(value as unknown[])]
    else if (!isAnnotation(keyword)) return undefined
  }
  return merged
}

function isLoneReference(schema: Schema): boolean {
  return '$ref' in schema && Object.keys(schema).length === 1
}

function mergeProperties(one: Schema, other: Schema): Schema {
  const merged = new Map(Object.entries(one))
  for (const [name, schema] of Object.entries(other)) {
    const present = merged.get(name)
    merged.set(name, present === undefined ? schema : mergeAllOf([present as JsonSchema, schema as JsonSchema]))
  }
  return Object.fromEntries(merged)
}

function commonType(one: unknown, other: unknown): unknown {
  const types = asList(one).filter((type) => asList(other).includes(type))
  if (types.length === 0) {
    const both = [...asList(one), ...asList(other)]
    return both.includes('number') && both.includes('integer') ? 'integer' : undefined
  }
  return types.length === 1 ? types[0] : types
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value]
}

function union(one: unknown, other: unknown): unknown[] {
  return [...new Set([...asList(one), ...asList(other)])]
}

/** Of schemas for objects that are joined, `additionalProperties` that is true or false is about their own author's view. */
function opensToOthers({ additionalProperties }: Schema): boolean {
  return typeof additionalProperties === 'boolean'
}

function without(schema: Schema, keyword: string): Schema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== keyword))
}
