import { fromPlain } from '../../json/value.ts'
import { choiceOf, choicesOf } from './choices.ts'
import type { Field, FieldBase, FieldKind, Property, VariantOption } from './field.ts'
import { rangeWords } from './range-words.ts'
import { isSchema, listOf, mergeSchemas, numberOf, propertiesOf, resolveLocal, type Schema, textOf } from './schema.ts'

/** Fields inside fields: deeper ones are written as JSON. */
const MAX_DEPTH = 8
/** `$ref`s can make a small schema mean millions of fields. */
const MAX_FIELDS = 4_000
/** Of `$ref`s that lead to each other, one after the other. */
const MAX_REFS = 100
/** Texts that may be longer get room for it. */
const LONG_TEXT = 200

/** Decide which names or items there are in ways that no form shows. */
const SHAPES_NOT_SHOWN = ['patternProperties', 'prefixItems', '$dynamicRef', '$recursiveRef', 'unevaluatedItems']
/** Let further names in, or ask for some only when others are there: checked, and set in JSON. */
const OPENS = ['additionalProperties', 'unevaluatedProperties', 'if', 'dependentSchemas', 'dependencies']

/**
 * The form of a JSON Schema. It never throws and never gives up: what it does not understand becomes a field that is
 * written as JSON, with the reason. Patterns are not run and addresses not fetched.
 */
export function readSchema(schema: unknown): Field {
  try {
    return new SchemaReader(schema).field(schema, 0, [])
  } catch (thrown) {
    // A default or an enum nested so deeply that the stack ends.
    if (thrown instanceof RangeError) return json({}, 'its schema is nested too deeply')
    throw thrown
  }
}

/** A schema without `$ref` and `allOf`, and the `$ref`s that led to it. */
interface Flat {
  schema: Schema
  refs: readonly string[]
}

class SchemaReader {
  readonly #root: unknown
  #fields = 0

  constructor(root: unknown) {
    this.#root = root
  }

  field(schema: unknown, depth: number, refs: readonly string[]): Field {
    if (!isSchema(schema)) {
      const anything = schema === undefined || schema === true
      return { ...baseOf({}), kind: 'json', reason: anything ? 'any value is allowed' : 'its schema is not usable' }
    }
    this.#fields += 1
    if (this.#fields > MAX_FIELDS) return json(schema, `the schema has more than ${MAX_FIELDS} fields`)
    if (depth > MAX_DEPTH) return json(schema, `it is nested deeper than ${MAX_DEPTH} levels`)
    const flat = this.#flatten(schema, refs)
    if ('reason' in flat) return json(schema, flat.reason)
    const base = baseOf(flat.schema)
    const { nullable, ...kind } = this.#kind(flat.schema, depth, flat.refs)
    return { ...base, nullable, ...kind }
  }

  /** Without `$ref` and `allOf`: one schema that means the same and the `$ref`s on the way to it, or why there is none. */
  #flatten(schema: Schema, refs: readonly string[]): Flat | { reason: string } {
    if (refs.length > MAX_REFS) return { reason: 'it refers to too many other schemas' }
    let flat = schema
    const all = [...refs]
    for (const part of [...(Object.hasOwn(schema, '$ref') ? [{ $ref: schema.$ref }] : []), ...listOf(schema.allOf)]) {
      if (part === true) continue
      const target = this.#target(part, refs)
      if ('reason' in target) return target
      const inner = this.#flatten(target.schema, target.refs)
      if ('reason' in inner) return inner
      all.push(...inner.refs.slice(refs.length))
      const merged = mergeSchemas(flat, inner.schema)
      if (!merged) return { reason: 'it has to match several schemas at once' }
      flat = merged
    }
    return { schema: flat, refs: all }
  }

  #target(part: unknown, refs: readonly string[]): Flat | { reason: string } {
    if (!isSchema(part)) return { reason: 'its schema is not usable' }
    // With members of its own it is flattened as a schema with a `$ref`.
    if (!Object.hasOwn(part, '$ref') || Object.keys(part).length > 1) return { schema: part, refs }
    const ref = part.$ref
    if (typeof ref !== 'string') return { reason: 'its schema is not usable' }
    if (refs.includes(ref)) return { reason: 'it refers to itself' }
    const target = resolveLocal(this.#root, ref)
    if (target === true) return { schema: {}, refs }
    if (!isSchema(target)) return { reason: `it refers to ${ref}, which is not in the schema` }
    return { schema: target, refs: [...refs, ref] }
  }

  #kind(schema: Schema, depth: number, refs: readonly string[]): FieldKind & { nullable: boolean } {
    const unshown = SHAPES_NOT_SHOWN.find((keyword) => Object.hasOwn(schema, keyword))
    if (unshown !== undefined) return { kind: 'json', nullable: false, reason: `it uses ${unshown}` }
    const alternatives = Array.isArray(schema.oneOf) ? schema.oneOf : listOf(schema.anyOf)
    const constrained = schema.type ?? schema.properties ?? schema.enum
    // `anyOf: [{required: […]}, …]` beside properties only says what belongs together: the check tells.
    if (alternatives.length > 0 && !(constrained !== undefined && alternatives.every(onlyRequires))) {
      return this.#alternatives(schema, alternatives, depth, refs)
    }
    const chosen = choicesOf(schema)
    if (chosen) return chosen
    const types = typesOf(schema)
    const nullable = types.includes('null')
    const [type, ...others] = types.filter((each) => each !== 'null')
    if (others.length > 0) return { kind: 'json', nullable, reason: `it can be ${types.join(' or ')}` }
    return { ...this.#typed(type, schema, depth, refs), nullable }
  }

  #typed(type: string | undefined, schema: Schema, depth: number, refs: readonly string[]): FieldKind {
    switch (type) {
      case 'string':
        return textKind(schema)
      case 'integer':
      case 'number':
        return { kind: 'number', integer: type === 'integer', range: rangeWords(schema) }
      case 'boolean':
        return { kind: 'boolean' }
      case 'object':
        return this.#object(schema, depth, refs)
      case 'array':
        return this.#list(schema, depth, refs)
      case undefined:
        return { kind: 'json', reason: 'its schema does not say what it is' }
      default:
        return { kind: 'json', reason: `its type ${JSON.stringify(type)} is not known` }
    }
  }

  #object(schema: Schema, depth: number, refs: readonly string[]): FieldKind {
    const properties = propertiesOf(schema)
    const open = OPENS.some((keyword) => Object.hasOwn(schema, keyword) && schema[keyword] !== false)
    if (properties.length === 0 && (open || depth > 0) && schema.additionalProperties !== false) {
      return { kind: 'json', reason: 'any names are allowed in it' }
    }
    if (this.#fields + properties.length > MAX_FIELDS) {
      return { kind: 'json', reason: `the schema has more than ${MAX_FIELDS} fields` }
    }
    const required = new Set(listOf(schema.required))
    return {
      kind: 'object',
      open,
      properties: properties.map(([name, property]): Property => ({
        name,
        required: required.has(name),
        field: this.field(property, depth + 1, refs),
      })),
    }
  }

  #list(schema: Schema, depth: number, refs: readonly string[]): FieldKind {
    if (Array.isArray(schema.items)) return { kind: 'json', reason: 'each place in the list has its own schema' }
    return {
      kind: 'list',
      item: this.field(schema.items, depth + 1, refs),
      minItems: numberOf(schema.minItems) ?? 0,
      maxItems: numberOf(schema.maxItems) ?? Infinity,
    }
  }

  #alternatives(
    schema: Schema,
    alternatives: readonly unknown[],
    depth: number,
    refs: readonly string[],
  ): FieldKind & { nullable: boolean } {
    const { oneOf: _oneOf, anyOf: _anyOf, ...outer } = schema
    const flat: Flat[] = []
    let nullable = false
    for (const alternative of alternatives) {
      if (!isSchema(alternative)) return { kind: 'json', nullable, reason: 'it can have several shapes' }
      const one = this.#flatten(alternative, refs)
      if ('reason' in one) return { kind: 'json', nullable, reason: one.reason }
      if (isNull(one.schema)) nullable = true
      else flat.push(one)
    }
    const [only, ...others] = flat
    if (only && others.length === 0) {
      const merged = mergeSchemas(outer, only.schema)
      if (!merged) return { kind: 'json', nullable, reason: 'it has to match several schemas at once' }
      const kind = this.#kind(merged, depth, only.refs)
      return { ...kind, nullable: nullable || kind.nullable }
    }
    const options = choiceOf(flat.map((each) => each.schema))
    if (options) return { kind: 'choice', options, nullable }
    return { ...this.#variants(outer, flat, depth), nullable }
  }

  /** Objects of which each has another constant in the same property. */
  #variants(outer: Schema, flat: readonly Flat[], depth: number): FieldKind {
    const several: FieldKind = { kind: 'json', reason: 'it can have several shapes' }
    const [first] = flat
    const tag = first && propertiesOf(first.schema).find(([name]) => isTag(name, flat))?.[0]
    if (tag === undefined || Object.hasOwn(outer, 'properties')) return several
    const options: VariantOption[] = []
    for (const { schema, refs } of flat) {
      const { [tag]: constant, ...properties } = Object.fromEntries(propertiesOf(schema))
      const value = fromPlain(constantOf(constant))
      const kind = this.#object({ ...schema, properties: { [tag]: constant, ...properties } }, depth, refs)
      if (kind.kind !== 'object') return several
      const rest = kind.properties.filter(({ name }) => name !== tag)
      const label =
        textOf(schema.title) || textOf(isSchema(constant) ? constant.title : '') || String(constantOf(constant))
      options.push({ label, value, field: { ...baseOf(schema), ...kind, properties: rest } })
    }
    return { kind: 'variants', tag, options }
  }
}

function isTag(name: string, flat: readonly { schema: Schema }[]): boolean {
  const constants = flat.map(({ schema }) => {
    const property = isSchema(schema.properties) && Object.hasOwn(schema.properties, name) && schema.properties[name]
    return listOf(schema.required).includes(name) ? constantOf(property) : undefined
  })
  return !constants.includes(undefined) && new Set(constants).size === flat.length
}

/** The one text, number or boolean that this allows. */
function constantOf(schema: unknown): string | number | boolean | undefined {
  if (!isSchema(schema)) return undefined
  const [only, ...others] = Object.hasOwn(schema, 'const') ? [schema.const] : listOf(schema.enum)
  if (others.length > 0) return undefined
  return typeof only === 'string' || typeof only === 'number' || typeof only === 'boolean' ? only : undefined
}

function isNull(schema: Schema): boolean {
  const values = listOf(schema.enum)
  return (
    schema.type === 'null' ||
    (Object.hasOwn(schema, 'const') && schema.const === null) ||
    (values.length === 1 && values[0] === null)
  )
}

function onlyRequires(schema: unknown): boolean {
  return isSchema(schema) && Object.keys(schema).every((key) => key === 'required' || key === 'not')
}

function typesOf(schema: Schema): string[] {
  if (typeof schema.type === 'string') return [schema.type]
  const types = listOf(schema.type).filter((type) => typeof type === 'string')
  if (types.length > 0) return types
  if (isSchema(schema.properties)) return ['object']
  return Object.hasOwn(schema, 'items') ? ['array'] : []
}

function textKind(schema: Schema): FieldKind {
  const format = textOf(schema.format) || undefined
  const maxLength = numberOf(schema.maxLength)
  return {
    kind: 'text',
    format,
    long: (maxLength ?? 0) > LONG_TEXT || /^(textarea|multiline|markdown|html|code)$/.test(format ?? ''),
    secret: format === 'password' || schema.writeOnly === true,
    minLength: numberOf(schema.minLength),
    maxLength,
    pattern: textOf(schema.pattern) || undefined,
  }
}

function json(schema: Schema, reason: string): Field {
  return { ...baseOf(schema), kind: 'json', reason }
}

function baseOf(schema: Schema): FieldBase {
  return {
    title: textOf(schema.title),
    description: textOf(schema.description),
    nullable: false,
    fallback: Object.hasOwn(schema, 'default') ? fromPlain(schema.default) : undefined,
    examples: listOf(schema.examples)
      .slice(0, 3)
      .map((example) => fromPlain(example)),
    deprecated: schema.deprecated === true,
  }
}
