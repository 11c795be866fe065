import type { JsonValue } from '../../json/value.ts'

/** What a form shows for one value. Made from a JSON Schema by `readSchema`. */
export type Field = FieldBase & FieldKind

export interface FieldBase {
  /** The schema's own words; `''` where it has none. */
  title: string
  description: string
  /** null is allowed beside the values of its kind. */
  nullable: boolean
  /** The schema's `default`. */
  fallback: JsonValue | undefined
  examples: readonly JsonValue[]
  deprecated: boolean
}

export type FieldKind =
  TextKind | NumberKind | BooleanKind | ChoiceKind | ObjectKind | ListKind | VariantKind | JsonKind

export interface TextKind {
  kind: 'text'
  format: string | undefined
  /** Meant to be long. */
  long: boolean
  secret: boolean
  minLength: number | undefined
  maxLength: number | undefined
  /** Shown, never run on this thread: a pattern of somebody else's can take for ever. */
  pattern: string | undefined
}

export interface NumberKind {
  kind: 'number'
  integer: boolean
  /** In words: "1 to 10", "more than 0". */
  range: string
}

export interface BooleanKind {
  kind: 'boolean'
}

export interface ChoiceKind {
  kind: 'choice'
  options: readonly ChoiceOption[]
}

export interface ChoiceOption {
  label: string
  value: JsonValue
}

export interface ObjectKind {
  kind: 'object'
  properties: readonly Property[]
  /** Other names are allowed, or depend on what is given: they are set in JSON. */
  open: boolean
}

export interface Property {
  name: string
  required: boolean
  field: Field
}

export interface ListKind {
  kind: 'list'
  item: Field
  minItems: number
  maxItems: number
}

/** One of several objects, told apart by the constant value of one property. */
export interface VariantKind {
  kind: 'variants'
  tag: string
  options: readonly VariantOption[]
}

export interface VariantOption {
  label: string
  value: JsonValue
  field: Field & ObjectKind
}

/** No form can show it: it is written as JSON. */
export interface JsonKind {
  kind: 'json'
  /** Why, as the end of "Written as JSON: …". */
  reason: string
}
