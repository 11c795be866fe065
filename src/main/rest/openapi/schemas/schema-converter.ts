import type { JsonSchema } from '../../../../shared/contract/rest.ts'
import { isObject } from '../../../base/is-object.ts'
import { cleanText } from '../mapping/clean-text.ts'
import { nameIn, referenceTo, refsInPlace, withoutAlternatives } from './definition-refs.ts'
import { type Direction, hiddenProperties } from './hidden-properties.ts'
import { mergeAllOf } from './merge-all-of.ts'
import { isAnnotation, orNull } from './nullable.ts'
import { child, isObjectPlace, items, members, type ObjectPlace, type Place } from '../mapping/place.ts'
import type { References } from '../mapping/references.ts'
import { limitsOf, isPattern, patternOf, typesOf, valuesOf } from './scalar-keywords.ts'
import { findSchema } from './schema-lookup.ts'
import { type Dialect, isOfOneOf, ONE_SCHEMA } from './schema-keywords.ts'
import { SchemaNames } from './schema-names.ts'
import { dependentRequired, distinct, formatOf, listsOf, tidy, withoutHidden } from './schema-parts.ts'

type Schema = Record<string, unknown>

/** Of a description inside a schema. */
const MAX_DESCRIPTION = 1000
/** Schemas nest less deep than this, unless somebody wants to break a reader. */
const MAX_DEPTH = 100
/** A schema under `allOf` is copied into place of its reference up to this size; a larger one stays a reference. */
const MAX_COPIED_BYTES = 3000

interface Context {
  direction: Direction
  depth: number
  /** Properties that are left out here and in whatever is joined with it. */
  hidden: ReadonlySet<string>
  /** Definitions whose own value is being put together: a reference to one of them would be endless. */
  chain: readonly string[]
}

/**
 * Schemas of a document as JSON Schema 2020-12. References stay references, to `#/$defs/Name`, so that recursion is never
 * followed; `definition` converts what a name stands for, once.
 */
export class SchemaConverter {
  readonly #references: References
  readonly #dialect: Dialect
  readonly #names: SchemaNames
  readonly #targets = new Map<string, Place>()
  readonly #definitions = { request: new Map<string, JsonSchema>(), response: new Map<string, JsonSchema>() }
  readonly #underWay = new Set<string>()

  constructor(references: References, dialect: Dialect) {
    this.#references = references
    this.#dialect = dialect
    this.#names = new SchemaNames(references.document)
  }

  convert(place: Place, direction: Direction): JsonSchema {
    return this.#convert(place, { direction, depth: 0, hidden: new Set(), chain: [] })
  }

  /** What stands under `$defs` by a name that a converted schema refers to. */
  definition(name: string, direction: Direction): JsonSchema {
    return this.#definition(name, direction, [])
  }

  /** The schema itself where it is a reference: what `allOf` and flattened bodies are made of. */
  opened(schema: JsonSchema, direction: Direction): JsonSchema {
    let at = schema
    for (let hops = 0; isObject(at) && typeof at.$ref === 'string' && hops < MAX_DEPTH; hops++) {
      const { $ref, ...beside } = at
      const target = this.definition(nameIn($ref), direction)
      at = Object.keys(beside).length === 0 ? target : mergeAllOf([target, beside])
    }
    return at
  }

  #definition(name: string, direction: Direction, chain: readonly string[]): JsonSchema {
    const known = this.#definitions[direction].get(name)
    if (known !== undefined) return known
    const place = this.#targets.get(name)
    if (place === undefined) return {}
    const key = `${direction} ${name}`
    this.#underWay.add(key)
    const schema = this.#convert(place, { direction, depth: 0, hidden: new Set(), chain: [...chain, name] })
    this.#underWay.delete(key)
    this.#definitions[direction].set(name, schema)
    if (!this.#isEndless(name, direction)) return schema
    this.#warn(place, 'The schema is made of itself without end; any value is taken here.')
    this.#definitions[direction].set(name, {})
    return {}
  }

  /** Whether a value would have to be checked against a definition to be checked against it: no validator gets out of that. */
  #isEndless(name: string, direction: Direction): boolean {
    const seen = new Set<string>()
    const waiting = refsInPlace(this.#definitions[direction].get(name))
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (next === name) return true
      if (seen.has(next)) continue
      seen.add(next)
      waiting.push(...refsInPlace(this.#definitions[direction].get(next)))
    }
    return false
  }

  #convert(place: Place, context: Context): JsonSchema {
    const { value } = place
    if (value === false) return false
    if (value === true || value === undefined) return {}
    if (!isObjectPlace(place)) {
      this.#warn(place, 'This is not a schema; any value is taken here.')
      return {}
    }
    if (context.depth > MAX_DEPTH) {
      this.#warn(place, `Schemas nest more than ${MAX_DEPTH} deep here; any value is taken below.`)
      return {}
    }
    const schema = this.#withNull(place, this.#joined(place, context))
    return isObject(schema) && typeof schema.$ref !== 'string' ? tidy(schema) : schema
  }

  /** What stands in one schema together with what it refers to or is joined with. */
  #joined(place: ObjectPlace, context: Context): JsonSchema {
    const { $ref, allOf } = place.value
    if (typeof $ref === 'string') {
      const target = this.#reference(place, $ref, context)
      // Before 3.1 nothing may stand beside a reference; a description does no harm, and Kubernetes' say what the field is.
      if (this.#dialect !== '3.1') return mergeAllOf([target, this.#annotations(place)])
      const beside = this.#plain(place, context)
      if (Object.keys(beside).length === 0) return target
      if (!isObject(target) || Object.keys(beside).every(isAnnotation)) return mergeAllOf([target, beside])
      return { ...target, ...beside }
    }
    const branches = [...(Array.isArray(allOf) ? items(child(place, 'allOf')) : []), ...this.#loneBranches(place)]
    const hidden = new Set([...context.hidden, ...hiddenProperties(this.#references, place, context.direction)])
    if (branches.length === 0) return this.#plain(place, { ...context, hidden })
    const inside = { ...context, hidden, depth: context.depth + 1 }
    const schemas = branches.map((branch) => this.#convert(branch, inside))
    const own = this.#plain(place, { ...context, hidden })
    const isJoined = [...schemas, own].filter((schema) => !isObject(schema) || !Object.keys(schema).every(isAnnotation))
    const copied = isJoined.length < 2 ? schemas : schemas.map((schema) => this.#copied(schema, inside))
    return withoutHidden(mergeAllOf([...copied, own]), hidden)
  }

  /** `oneOf` or `anyOf` with one schema is as good as `allOf`. */
  #loneBranches(place: ObjectPlace): Place[] {
    return (['oneOf', 'anyOf'] as const).flatMap((keyword) => {
      const { [keyword]: schemas } = place.value
      return Array.isArray(schemas) && schemas.length === 1 ? items(child(place, keyword)) : []
    })
  }

  /** In place of a reference what it leads to, where that is small enough and does not lead back here. */
  #copied(schema: JsonSchema, context: Context): JsonSchema {
    if (!isObject(schema) || typeof schema.$ref !== 'string') return schema
    const name = nameIn(schema.$ref)
    if (this.#underWay.has(`${context.direction} ${name}`)) return schema
    const { $ref: _, ...beside } = schema
    const target = this.#definition(name, context.direction, context.chain)
    if (!isObject(target)) return schema
    // A base that names its heirs as alternatives is among them what it is without these.
    const base = withoutAlternatives(target, context.chain)
    if (base === target && JSON.stringify(target).length > MAX_COPIED_BYTES) return schema
    return this.#copied(mergeAllOf([base, beside]), { ...context, chain: [...context.chain, name] })
  }

  #reference(place: ObjectPlace, reference: string, { chain }: Context): JsonSchema {
    const target = findSchema(this.#references, place, reference)
    if (target === null) {
      this.#warn(place, `The schema ${this.#references.broken(place, reference)}; any value is taken here.`)
      return {}
    }
    const name = this.#names.of(target)
    if (chain.includes(name)) {
      this.#warn(place, `The schema refers to itself through ${reference} without end; any value is taken here.`)
      return {}
    }
    this.#targets.set(name, target)
    return { $ref: referenceTo(name) }
  }

  /** All keywords of one schema but `$ref` and `allOf`. */
  #plain(place: ObjectPlace, context: Context): Schema {
    const { value } = place
    const warn = (keyword: string, message: string) => this.#warn(child(place, keyword), message)
    const types = typesOf(value, warn)
    const nullableTypes = types && isNullable(value) ? [...types, 'null' as const] : types
    const values = valuesOf(value, nullableTypes, warn)
    const isOpen =
      Array.isArray(values.enum) && nullableTypes && !values.enum.some((one) => isOfOneOf(one, nullableTypes))
    return {
      ...(types && !isOpen && { type: types.length === 1 ? types[0] : types }),
      ...this.#annotations(place),
      ...values,
      ...limitsOf(value, warn),
      ...patternOf(value, warn),
      ...formatOf(value),
      ...this.#members(place, context),
      ...this.#alternatives(place, context),
    }
  }

  #annotations({ value }: ObjectPlace): Schema {
    const description = cleanText(value.description, MAX_DESCRIPTION)
    return {
      ...(description !== '' && { description }),
      ...(value.deprecated === true && { deprecated: true }),
    }
  }

  /** Keywords about the members of objects and arrays. */
  #members(place: ObjectPlace, { direction, hidden, depth }: Context): Schema {
    const { value } = place
    const inside: Context = { direction, depth: depth + 1, hidden: new Set(), chain: [] }
    const result: Schema = {}
    if (isObject(value.properties)) {
      const shown = members(child(place, 'properties')).filter(([name]) => !hidden.has(name) && name !== '__proto__')
      result.properties = Object.fromEntries(shown.map(([name, schema]) => [name, this.#convert(schema, inside)]))
    }
    if (Array.isArray(value.required)) {
      const names = value.required.filter((name) => typeof name === 'string' && !hidden.has(name))
      if (names.length > 0) result.required = [...new Set(names)]
    }
    const dependent = dependentRequired(value, hidden)
    if (dependent !== undefined) result.dependentRequired = dependent
    for (const keyword of ['patternProperties', 'dependentSchemas'] as const) {
      const named = members(child(place, keyword))
        .filter(([name]) => keyword !== 'patternProperties' || isPattern(name))
        .map(([name, schema]) => [name, this.#convert(schema, inside)] as const)
      if (named.length > 0) result[keyword] = Object.fromEntries(named)
    }
    const lists = listsOf(place)
    for (const keyword of ONE_SCHEMA) {
      const schema = keyword === 'items' ? lists.items : child(place, keyword)
      if (schema === undefined || (typeof schema.value !== 'boolean' && !isObject(schema.value))) continue
      const isJoining = ['not', 'if', 'then', 'else'].includes(keyword)
      const converted = this.#convert(schema, isJoining ? { ...inside, hidden } : inside)
      const isEmpty = isObject(converted) && Object.keys(converted).length === 0
      // `true` and what is not there mean the same, but for free-form objects.
      if (isEmpty && keyword !== 'additionalProperties' && keyword !== 'not') continue
      result[keyword] = isEmpty && keyword === 'additionalProperties' ? true : converted
    }
    if (lists.prefix.length > 0) result.prefixItems = lists.prefix.map((schema) => this.#convert(schema, inside))
    return result
  }

  #alternatives(place: ObjectPlace, context: Context): Schema {
    const result: Schema = {}
    // What they refer to is looked at later, so nothing can be endless here yet.
    const inside: Context = { ...context, depth: context.depth + 1, chain: [] }
    for (const keyword of ['anyOf', 'oneOf'] as const) {
      const { [keyword]: given } = place.value
      if (!Array.isArray(given) || given.length < 2) continue
      const places = items(child(place, keyword))
      const schemas = places.map((schema) => this.#convert(schema, inside)).filter((schema) => schema !== false)
      const different = distinct(schemas)
      const isAny = different.some((schema) => schema === true || Object.keys(schema).length === 0)
      if (isAny || different.length === 0) continue
      // What told alternatives apart may be gone with what is hidden, and a discriminator chooses one of several that fit.
      const isLoose =
        isObject(place.value.discriminator) ||
        places.some((schema) => hiddenProperties(this.#references, schema, context.direction).size > 0)
      const name = keyword === 'oneOf' && isLoose && result.anyOf === undefined ? 'anyOf' : keyword
      result[name] = different
    }
    return result
  }

  #withNull({ value }: ObjectPlace, schema: JsonSchema): JsonSchema {
    if (isNullable(value)) return orNull(schema)
    const { allOf } = value
    // Written beside a reference in the only way that 3.0 knows.
    const isMeant = Array.isArray(allOf) && allOf.some((branch) => isObject(branch) && isBareNullable(branch))
    return isMeant ? orNull(schema) : schema
  }

  #warn(place: Place, message: string): void {
    this.#references.warnings.add(place, message)
  }
}

function isNullable(schema: Schema): boolean {
  return schema.nullable === true || schema['x-nullable'] === true
}

function isBareNullable(schema: Schema): boolean {
  return isNullable(schema) && !('type' in schema || '$ref' in schema || 'enum' in schema || 'properties' in schema)
}
