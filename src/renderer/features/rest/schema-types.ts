import type { JsonSchema } from '../../../shared/contract/rest.ts'

export const schemaTypes = ['string', 'integer', 'number', 'boolean', 'array', 'object'] as const
export type SchemaType = (typeof schemaTypes)[number]
/** `any`: no type is asked for. `custom`: a schema says more than one word can. */
export type TypeWord = SchemaType | 'any' | 'custom'

/** Keywords that say the same of any type. */
const GENERAL = new Set(['title', 'description', 'deprecated', 'readOnly', 'writeOnly'])

export function typeOfSchema(schema: JsonSchema): TypeWord {
  if (typeof schema === 'boolean') return schema ? 'any' : 'custom'
  const { type } = schema
  if (typeof type === 'string') return schemaTypes.find((known) => known === type) ?? 'custom'
  if (type !== undefined) return 'custom'
  return Object.keys(schema).every((key) => GENERAL.has(key) || key === 'default' || key === 'examples')
    ? 'any'
    : 'custom'
}

/** The schema for another type: what only the old one understands is left out. */
export function withType(schema: JsonSchema, type: SchemaType | 'any'): JsonSchema {
  const general = Object.entries(schema).filter(([key]) => GENERAL.has(key))
  return {
    ...(type === 'any' ? {} : { type }),
    ...(type === 'array' ? { items: { type: 'string' } } : {}),
    ...Object.fromEntries(general),
  }
}

/** A value as it is typed into one line: a text stands for itself where nothing else is meant. */
export function textOfValue(value: unknown, type: TypeWord): string {
  if (typeof value === 'string' && (type === 'string' || parsed(value) === undefined)) return value
  return JSON.stringify(value)
}

/** The value that a text means for a type, or why it means none. */
export function valueOfText(text: string, type: TypeWord): { value: unknown } | { problem: string } {
  if (type === 'string') return { value: text }
  const json = parsed(text)
  if (type === 'any' || type === 'custom') return { value: json ? json.value : text }
  if (json && isOfType(json.value, type)) return json
  return { problem: wanted[type] }
}

const wanted: Record<Exclude<SchemaType, 'string'>, string> = {
  integer: 'Enter a whole number.',
  number: 'Enter a number.',
  boolean: 'Enter true or false.',
  array: 'Enter a JSON array, such as ["a", "b"].',
  object: 'Enter a JSON object, such as {"a": 1}.',
}

function isOfType(value: unknown, type: SchemaType): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === type
  }
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}
