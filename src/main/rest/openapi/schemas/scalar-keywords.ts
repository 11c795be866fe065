import { isDeepStrictEqual } from 'node:util'
import { COUNTS, isOfOneOf, isType, type SchemaType } from './schema-keywords.ts'

type Schema = Record<string, unknown>
type Warn = (keyword: string, message: string) => void

/** The types that a schema names. Undefined: it names none that JSON Schema knows, so any will do. */
export function typesOf(schema: Schema, warn: Warn): SchemaType[] | undefined {
  if (schema.type === undefined) return undefined
  const named: unknown[] = Array.isArray(schema.type) ? schema.type : [schema.type]
  const types = named.filter(isType)
  const unknown = named.filter((type) => !isType(type) && type !== 'file')
  if (unknown.length > 0) {
    warn('type', `JSON Schema has no type ${JSON.stringify(unknown[0])}; any value is taken there.`)
    return undefined
  }
  // Swagger's `file` is what multipart and binary bodies carry.
  const all = named.includes('file') ? [...types, 'string' as const] : types
  const distinct = [...new Set(all)].filter((type) => type !== 'integer' || !all.includes('number'))
  return distinct.length === 0 ? undefined : distinct
}

/** Bounds of numbers, lengths and counts. Draft 4 and OpenAPI 3.0 have `exclusiveMinimum: true` beside `minimum`. */
export function limitsOf(schema: Schema, warn: Warn): Schema {
  const limits: Schema = {}
  for (const side of ['Maximum', 'Minimum'] as const) {
    const [inclusive, exclusive] = [side.toLowerCase(), `exclusive${side}`]
    const bound = boundOf(schema, inclusive, warn)
    const exclusiveBound = boundOf(schema, exclusive, warn)
    if (bound !== undefined) limits[schema[exclusive] === true ? exclusive : inclusive] = bound
    if (exclusiveBound !== undefined) limits[exclusive] = exclusiveBound
  }
  for (const keyword of COUNTS) {
    const { [keyword]: value } = schema
    if (value === undefined || value === null) continue
    const count = numberIn(value)
    if (count === undefined || !Number.isSafeInteger(count) || count < 0) {
      warn(keyword, `${keyword} is not a whole number from 0; it is left out.`)
    } else if (count > 0 || !keyword.startsWith('min')) limits[keyword] = count
    else if (keyword === 'minContains') limits[keyword] = 0
  }
  const multiple = numberIn(schema.multipleOf)
  if (multiple !== undefined && multiple > 0) limits.multipleOf = multiple
  if (schema.uniqueItems === true) limits.uniqueItems = true
  return limits
}

function boundOf(schema: Schema, keyword: string, warn: Warn): number | undefined {
  const { [keyword]: value } = schema
  if (value === undefined || value === null || typeof value === 'boolean') return undefined
  const bound = numberIn(value)
  if (bound === undefined) warn(keyword, `${keyword} is not a number; it is left out.`)
  return bound
}

/** A pattern that a validator can use: they compile it with the flag `u`, as JSON Schema asks (2020-12, Core 6.4). */
export function patternOf(schema: Schema, warn: Warn): Schema {
  if (schema.pattern === undefined || schema.pattern === null) return {}
  if (typeof schema.pattern === 'string' && isPattern(schema.pattern)) return { pattern: schema.pattern }
  // Many have escapes that only the flag `u` refuses: `\-`, `\_`, `\/`.
  const plain = typeof schema.pattern === 'string' ? withoutNeedlessEscapes(schema.pattern) : undefined
  if (plain !== undefined && isPattern(plain)) return { pattern: plain }
  warn('pattern', 'pattern is no regular expression that JavaScript knows; it is left out.')
  return {}
}

export function isPattern(pattern: string): boolean {
  try {
    new RegExp(pattern, 'u')
    return true
  } catch {
    return false
  }
}

function withoutNeedlessEscapes(pattern: string): string {
  return pattern.replace(/\\([^])/g, (whole, character: string, index: number) => {
    if (character === '-') return isInClass(pattern, index) ? whole : '-'
    return /[\s!"#%&',:;<=>@_`~]/.test(character) ? character : whole
  })
}

function isInClass(pattern: string, index: number): boolean {
  let isIn = false
  for (let at = 0; at < index; at++) {
    if (pattern[at] === '\\') at++
    else if (pattern[at] === '[') isIn = true
    else if (pattern[at] === ']') isIn = false
  }
  return isIn
}

/** Values and types that fit together: YAML reads `no`, `1.0` and `2020` as something else than the text they are. */
export function valuesOf(schema: Schema, types: SchemaType[] | undefined, warn: Warn): Schema {
  const values: Schema = {}
  if (Array.isArray(schema.enum) && schema.enum.length > 0) {
    const given = distinct(types === undefined ? schema.enum : schema.enum.map((value) => coerced(value, types)))
    const fitting = types === undefined ? given : given.filter((value) => isOfOneOf(value, types))
    if (fitting.length > 0) values.enum = fitting
    else {
      warn('enum', 'No value of enum is of the type beside it; the type is left out.')
      values.enum = given
      return values
    }
  } else if (schema.enum !== undefined && schema.enum !== null) {
    warn('enum', 'enum is not a list of values; it is left out.')
  }
  if (schema.const !== undefined) values.const = types === undefined ? schema.const : coerced(schema.const, types)
  if (schema.default !== undefined) {
    const value: unknown = types === undefined ? schema.default : coerced(schema.default, types)
    const fits = types === undefined || isOfOneOf(value, types)
    const isListed = !Array.isArray(values.enum) || values.enum.some((one) => isDeepStrictEqual(one, value))
    if (fits && isListed) values.default = value
  }
  return values
}

function coerced(value: unknown, types: readonly SchemaType[]): unknown {
  if (isOfOneOf(value, types)) return value
  const isScalar = typeof value === 'number' || typeof value === 'boolean'
  if (types.includes('string') && isScalar) return String(value)
  if (typeof value !== 'string') return value
  if (types.includes('boolean') && /^(true|false)$/i.test(value)) return value.toLowerCase() === 'true'
  const number = numberIn(value)
  return number !== undefined && (types.includes('number') || types.includes('integer')) ? number : value
}

function distinct(values: readonly unknown[]): unknown[] {
  const seen = new Set<string>()
  return values.filter((value) => {
    const key = JSON.stringify(value)
    return !seen.has(key) && seen.add(key)
  })
}

/** A number, or a text that is one. */
function numberIn(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
  if (typeof value !== 'string' || !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value)) return undefined
  return Number(value)
}
