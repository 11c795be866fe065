import { isObject } from '../../../base/is-object.ts'

/** Which schema language a document speaks. 2.0: Swagger's part of draft 4; 3.0: OpenAPI's; 3.1: JSON Schema 2020-12. */
export type Dialect = '2.0' | '3.0' | '3.1'

/** Keywords that hold one schema. */
export const ONE_SCHEMA = [
  'items',
  'contains',
  'additionalProperties',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
  'unevaluatedItems',
  'unevaluatedProperties',
] as const

export const COUNTS = [
  'maxLength',
  'minLength',
  'maxItems',
  'minItems',
  'maxContains',
  'minContains',
  'maxProperties',
  'minProperties',
] as const

/** What `format: binary` is in 3.1: bytes that are no text at all. */
export const OCTETS = 'application/octet-stream'

const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'] as const
export type SchemaType = (typeof TYPES)[number]

export function isType(value: unknown): value is SchemaType {
  return (TYPES as readonly unknown[]).includes(value)
}

/** Whether a JSON value is of a type (JSON Schema 2020-12, Validation 6.1.1). */
function isOfType(value: unknown, type: SchemaType): boolean {
  switch (type) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return isObject(value)
    case 'integer':
      return Number.isInteger(value)
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type
  }
}

export function isOfOneOf(value: unknown, types: readonly SchemaType[]): boolean {
  return types.some((type) => isOfType(value, type))
}
