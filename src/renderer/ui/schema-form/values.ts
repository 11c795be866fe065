import {
  isArray,
  isObject,
  JsonNumber,
  type JsonObject,
  type JsonValue,
  sameValue,
  Unfinished,
} from '../../json/value.ts'
import type { Field, ObjectKind, VariantKind, VariantOption } from './field.ts'

/** More optional fields than this in one object are shown on demand. */
const MANY_FIELDS = 20

/**
 * What a field starts with: its default; else, where a value is required, the only one that there is, an empty list, or an
 * object of such values. Everything else starts without a value.
 */
export function initialValue(field: Field, required: boolean): JsonValue | undefined {
  if (field.fallback !== undefined) return field.fallback
  if (!required || field.nullable) return undefined
  switch (field.kind) {
    case 'object':
      return initialObject(field)
    case 'list':
      return field.minItems === 0 ? [] : undefined
    case 'choice':
      return field.options.length === 1 ? field.options[0]?.value : undefined
    case 'text':
    case 'number':
    case 'boolean':
    case 'variants':
    case 'json':
      return undefined
  }
}

export function initialObject({ properties }: ObjectKind): JsonObject {
  const members = new Map<string, JsonValue>()
  for (const { name, required, field } of properties) {
    const value = initialValue(field, required)
    if (value !== undefined) members.set(name, value)
  }
  return members
}

/** What a new item of a list starts with. A text that is there is a text, even when it is empty. */
export function initialItem(field: Field): JsonValue {
  const value = initialValue(field, true)
  if (value !== undefined) return value
  switch (field.kind) {
    case 'text':
      return ''
    case 'boolean':
      return false
    case 'choice':
      return field.options[0]?.value ?? null
    case 'list':
      return []
    case 'variants':
      return field.options[0] ? variantValue(field, field.options[0], undefined) : null
    case 'number':
    case 'json':
    case 'object':
      return field.nullable ? null : new Unfinished('')
  }
}

/** Whether the control of a field can show this value; every other one is shown as JSON, so that it is not lost. */
export function fits(field: Field, value: JsonValue | undefined): boolean {
  if (value === undefined || (value === null && field.nullable)) return true
  switch (field.kind) {
    case 'text':
      return typeof value === 'string'
    case 'number':
      return value instanceof JsonNumber || (value instanceof Unfinished && !value.text.includes('\n'))
    case 'boolean':
      return typeof value === 'boolean'
    case 'choice':
      return field.options.some((option) => sameValue(option.value, value))
    case 'object':
      return isObject(value)
    case 'list':
      return isArray(value)
    case 'variants':
      return variantOf(field, value) !== undefined
    case 'json':
      return true
  }
}

/** Which of several shapes a value has, by its tag. */
export function variantOf({ tag, options }: VariantKind, value: JsonValue | undefined): VariantOption | undefined {
  if (!isObject(value)) return undefined
  return options.find((option) => sameValue(option.value, value.get(tag)))
}

/** A value in another shape: its tag, then what the new shape knows of the old value, then what that starts with. */
export function variantValue({ tag }: VariantKind, option: VariantOption, before: JsonValue | undefined): JsonObject {
  const members = new Map<string, JsonValue>([[tag, option.value]])
  const initial = initialObject(option.field)
  for (const { name, field } of option.field.properties) {
    const old = isObject(before) ? before.get(name) : undefined
    const value = old !== undefined && fits(field, old) ? old : initial.get(name)
    if (value !== undefined) members.set(name, value)
  }
  return members
}

export interface ObjectLayout {
  /** Always shown, in the order of the schema. */
  shown: ObjectKind['properties']
  /** Behind "Show n optional fields". */
  optional: ObjectKind['properties']
  /** Members that the schema does not name: kept, and edited as JSON. */
  unknown: readonly string[]
}

/**
 * What of an object is on screen. In a large one the optional fields wait, except those that have a value when it is laid
 * out first (`filled`), so that nothing moves while somebody types.
 */
export function layoutOf(
  { properties }: ObjectKind,
  value: JsonObject | undefined,
  filled: ReadonlySet<string>,
  tag?: string,
): ObjectLayout {
  const large = properties.length > MANY_FIELDS
  const known = new Set(properties.map(({ name }) => name))
  const shown = properties.filter(({ name, required }) => !large || required || filled.has(name))
  const shownNames = new Set(shown.map(({ name }) => name))
  return {
    shown,
    optional: properties.filter(({ name }) => !shownNames.has(name)),
    unknown: [...(value?.keys() ?? [])].filter((name) => !known.has(name) && name !== tag),
  }
}
