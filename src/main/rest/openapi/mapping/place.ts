import { isObject } from '../../../base/is-object.ts'
import { escapeSegment } from '../json-pointer.ts'

/** A value of a document and where it stands, so that whatever is wrong with it can be pointed at. */
export interface Place {
  readonly value: unknown
  /** Of the files that were given together; the document itself: as `SpecDocument.path` has it. */
  readonly file: string
  /** JSON Pointer (RFC 6901) in that file. */
  readonly pointer: string
}

/** A place that holds an object. */
export interface ObjectPlace extends Place {
  readonly value: Record<string, unknown>
}

export function isObjectPlace(place: Place): place is ObjectPlace {
  return isObject(place.value)
}

/** A member of an object or an array. Never what an object inherits: a schema may be called `constructor`. */
export function child({ value, file, pointer }: Place, key: string | number): Place {
  const isMember = typeof value === 'object' && value !== null && Object.hasOwn(value, key)
  return {
    value: isMember ? (value as Record<string | number, unknown>)[key] : undefined,
    file,
    pointer: `${pointer}/${typeof key === 'number' ? key : escapeSegment(key)}`,
  }
}

/** The members of an object, or none. */
export function members(place: Place): [key: string, place: Place][] {
  return isObject(place.value) ? Object.keys(place.value).map((key) => [key, child(place, key)]) : []
}

/** The items of an array, or none. */
export function items(place: Place): Place[] {
  return Array.isArray(place.value) ? place.value.map((_, index) => child(place, index)) : []
}

/** A text at a key; undefined: there is none. A number counts as one: YAML makes numbers of versions and codes. */
export function textAt(place: Place, key: string): string | undefined {
  const { value } = child(place, key)
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
