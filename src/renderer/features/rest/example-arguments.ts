import type { JsonSchema, RestTool } from '../../../shared/contract/rest.ts'

/** Schemas inside schemas: deeper ones are left out. */
const MAX_DEPTH = 6
/** What formats ask for that a word would not do. */
const FORMATS: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  time: '12:00:00Z',
  duration: 'PT1H',
  email: 'name@example.com',
  uri: 'https://example.com/',
  url: 'https://example.com/',
  uuid: '123e4567-e89b-12d3-a456-426614174000',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  hostname: 'example.com',
  byte: 'aGVsbG8=',
  binary: 'aGVsbG8=',
}

type Schema = Record<string, unknown>

/**
 * Arguments to try a tool with: what is required, and what has an example or a default of its own. Values are those that
 * the schema names, else the simplest that fit its type.
 */
export function exampleArguments({ parameters, body, $defs }: RestTool): Record<string, unknown> {
  const examples = new ExampleMaker($defs ?? {})
  const entries = parameters
    .filter(({ constant }) => constant === undefined)
    .filter(({ required, schema, in: place }) => required || place === 'path' || namesValue(schema))
    .map(({ argument, name, schema }): [string, unknown] => [argument ?? name, examples.of(schema, 0)])
  if (body?.schema !== undefined) entries.push(['body', examples.of(body.schema, 0)])
  return Object.fromEntries(entries)
}

function namesValue(schema: JsonSchema): boolean {
  return (
    typeof schema !== 'boolean' && ['examples', 'example', 'default', 'const'].some((key) => Object.hasOwn(schema, key))
  )
}

class ExampleMaker {
  readonly #defs: Readonly<Record<string, JsonSchema>>

  constructor(defs: Readonly<Record<string, JsonSchema>>) {
    this.#defs = defs
  }

  of(schema: unknown, depth: number): unknown {
    if (!isSchema(schema) || depth > MAX_DEPTH) return null
    const [example] = Array.isArray(schema.examples) ? (schema.examples as unknown[]) : []
    if (example !== undefined) return example
    for (const key of ['example', 'default', 'const']) if (Object.hasOwn(schema, key)) return schema[key]
    if (Array.isArray(schema.enum) && schema.enum.length > 0) return schema.enum[0] as unknown
    if (typeof schema.$ref === 'string') return this.of(this.#defs[nameOf(schema.$ref)], depth + 1)
    const [option] = listOf(schema.oneOf ?? schema.anyOf)
    if (option !== undefined && schema.properties === undefined) return this.of(option, depth + 1)
    const parts = listOf(schema.allOf)
    if (parts.length > 0) return this.#all([...parts, { ...schema, allOf: undefined }], depth)
    return this.#typed(schema, depth)
  }

  /** Objects together; of anything else the first. */
  #all(parts: readonly unknown[], depth: number): unknown {
    const values = parts.map((part) => this.of(part, depth + 1)).filter((value) => value !== null && value !== 'text')
    const objects = values.filter((value) => typeof value === 'object' && !Array.isArray(value))
    return objects.length > 0 ? Object.assign({}, ...objects) : (values[0] ?? null)
  }

  #typed(schema: Schema, depth: number): unknown {
    const types: unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type]
    const type = types.find((each) => typeof each === 'string' && each !== 'null')
    switch (type ?? (schema.properties === undefined ? '' : 'object')) {
      case 'integer':
      case 'number':
        return numberIn(schema)
      case 'boolean':
        return true
      case 'array':
        return schema.minItems === 0 || schema.items === undefined ? [] : [this.of(schema.items, depth + 1)]
      case 'object':
        return this.#object(schema, depth)
      case 'string':
        return textFor(schema)
      default:
        return 'text'
    }
  }

  #object(schema: Schema, depth: number): Record<string, unknown> {
    const properties = isSchema(schema.properties) ? Object.entries(schema.properties) : []
    const required: unknown[] = Array.isArray(schema.required) ? schema.required : []
    // Of an object where nothing is required an empty one says too little.
    const chosen = required.length > 0 ? properties.filter(([name]) => required.includes(name)) : properties.slice(0, 3)
    return Object.fromEntries(chosen.map(([name, property]) => [name, this.of(property, depth + 1)]))
  }
}

function textFor({ format, minLength, maxLength }: Schema): string {
  const known = typeof format === 'string' && Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined
  if (known !== undefined) return known
  const least = typeof minLength === 'number' ? minLength : 0
  const most = typeof maxLength === 'number' ? maxLength : Infinity
  return 'text'.padEnd(Math.min(least, 1_000), 'x').slice(0, most)
}

function numberIn({ type, minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf }: Schema): number {
  const step = typeof multipleOf === 'number' && multipleOf > 0 ? multipleOf : 1
  if (typeof minimum === 'number') return type === 'integer' ? Math.ceil(minimum / step) * step : minimum
  if (typeof exclusiveMinimum === 'number') return Math.floor(exclusiveMinimum / step) * step + step
  const most =
    typeof maximum === 'number' ? maximum : typeof exclusiveMaximum === 'number' ? exclusiveMaximum - step : 1
  return Math.floor(Math.min(step, most) / step) * step
}

function nameOf(ref: string): string {
  return ref
    .replace(/^#\/\$defs\//, '')
    .replaceAll('~1', '/')
    .replaceAll('~0', '~')
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}
