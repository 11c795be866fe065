import { isObject } from '../../../base/is-object.ts'

type Schema = Record<string, unknown>

const PREFIX = '#/$defs/'

/** A reference to a definition of the tool. */
export function referenceTo(name: string): string {
  return PREFIX + name
}

/** The definition that a converted reference leads to: its names need no escapes. */
export function nameIn(reference: string): string {
  return reference.slice(PREFIX.length)
}

/** Without those that lead back to one of the definitions `chain`. */
export function withoutAlternatives(schema: Schema, chain: readonly string[]): Schema {
  const leadsBack = (keyword: string) =>
    refsInPlace({ anyOf: schema[keyword] ?? [] }).some((name) => chain.includes(name))
  const left = ['anyOf', 'oneOf'].filter(leadsBack)
  if (left.length === 0) return schema
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !left.includes(keyword)))
}

/** The definitions that a schema applies to the very same value. */
export function refsInPlace(schema: unknown): string[] {
  if (!isObject(schema)) return []
  const { $ref, allOf = [], anyOf = [], oneOf = [], not } = schema
  const joined = [allOf, anyOf, oneOf, not].flat()
  return [...(typeof $ref === 'string' ? [nameIn($ref)] : []), ...joined.flatMap(refsInPlace)]
}
