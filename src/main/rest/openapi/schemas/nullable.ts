import type { JsonSchema } from '../../../../shared/contract/rest.ts'

type Schema = Record<string, unknown>

/** What only says something about a value and allows or forbids none. */
const ANNOTATIONS = new Set(['title', 'description', 'default', 'deprecated', 'readOnly', 'writeOnly'])
/** What a `null` has to pass as well, wherever it stands. */
const JOINING = ['$ref', 'allOf', 'oneOf', 'not', 'if', 'then', 'else']
const NULL = { type: 'null' }

/** Whether a keyword of a schema neither allows nor forbids a value. */
export function isAnnotation(keyword: string): boolean {
  return ANNOTATIONS.has(keyword)
}

export function splitAnnotations(schema: Schema): { annotations: Schema; rest: Schema } {
  const isOne = ([keyword]: [string, unknown]) => isAnnotation(keyword)
  const entries = Object.entries(schema)
  return {
    annotations: Object.fromEntries(entries.filter(isOne)),
    rest: Object.fromEntries(entries.filter((entry) => !isOne(entry))),
  }
}

/** The schema with `null` allowed beside what it allows: `nullable` of OpenAPI 3.0. */
export function orNull(schema: JsonSchema): JsonSchema {
  if (schema === true) return {}
  if (schema === false) return NULL
  const { annotations, rest } = splitAnnotations(schema)
  if (Array.isArray(rest.oneOf) && Object.keys(rest).length === 1 && rest.oneOf.every(refusesNull)) {
    return { oneOf: [...(rest.oneOf as unknown[]), NULL], ...annotations }
  }
  if (JOINING.some((keyword) => keyword in rest)) return { anyOf: [rest, NULL], ...annotations }
  const allowed: Schema = { ...schema }
  if (rest.type !== undefined) allowed.type = withNull(Array.isArray(rest.type) ? rest.type : [rest.type], 'null')
  if (Array.isArray(rest.enum)) allowed.enum = withNull(rest.enum, null)
  if (rest.const !== undefined && rest.const !== null) {
    delete allowed.const
    allowed.enum = [rest.const, null]
  }
  if (Array.isArray(rest.anyOf) && !rest.anyOf.some(isNull)) allowed.anyOf = [...(rest.anyOf as unknown[]), NULL]
  return allowed
}

/** `{"type": "null"}`, with or without a description. */
export function isNull(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'type' in schema && schema.type === 'null'
}

/** Whether a schema names its types, and null is none of them. */
function refusesNull(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null || !('type' in schema)) return false
  return ![schema.type].flat().includes('null')
}

function withNull(values: readonly unknown[], one: unknown): unknown[] {
  return values.includes(one) ? [...values] : [...values, one]
}
