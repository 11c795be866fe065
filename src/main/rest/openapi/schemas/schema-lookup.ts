import { isObject } from '../../../base/is-object.ts'
import { keysIn, valueAtPointer } from '../json-pointer.ts'
import { child, type Place } from '../mapping/place.ts'
import type { References } from '../mapping/references.ts'

/** Schemas by their `$id`, for each document that has been asked. */
const indexes = new WeakMap<object, Map<string, Place>>()

/**
 * The schema that a reference leads to; null: none. Beside what the specification says, this finds what authors mean who
 * paste a schema with its own `$defs`: there `#/$defs/Name` is about that schema, not about the document.
 */
export function findSchema(references: References, place: Place, reference: string): Place | null {
  if (idsOf(references).size === 0) {
    return references.find(place, reference) ?? inScopes(scopesOf(references, place), reference)
  }
  const scopes = scopesOf(references, place)
  const resource = scopes.findLast(({ value }) => isObject(value) && typeof value.$id === 'string')
  const own = resource && within(resource, reference)
  return (
    own ?? references.find(place, reference) ?? inScopes(scopes, reference) ?? byId(references, reference, resource)
  )
}

function inScopes(scopes: readonly Place[], reference: string): Place | null {
  for (const scope of scopes.toReversed()) {
    const found = within(scope, reference)
    if (found) return found
  }
  return null
}

/** What encloses the place and has schemas or an identity of its own, outermost first. */
function scopesOf({ document }: References, { file, pointer }: Place): Place[] {
  const root = file === document.path ? document.root : document.files.get(file)
  const scopes: Place[] = []
  let at: Place = { value: root, file, pointer: '' }
  for (const key of keysIn(pointer)) {
    at = child(at, key)
    if (isObject(at.value) && (isObject(at.value.$defs) || isObject(at.value.definitions) || '$id' in at.value)) {
      scopes.push(at)
    }
  }
  return scopes
}

function within(scope: Place, reference: string): Place | null {
  if (!/^#(\/|$)/.test(reference)) return null
  const pointer = reference.slice(1)
  const value = valueAtPointer(scope.value, pointer)
  return value === undefined ? null : { value, file: scope.file, pointer: scope.pointer + pointer }
}

function byId(references: References, reference: string, resource: Place | undefined): Place | null {
  const [address = '', fragment = ''] = reference.split('#')
  const base = isObject(resource?.value) ? resource.value.$id : undefined
  const full = typeof base === 'string' && URL.canParse(address, base) ? new URL(address, base).href : address
  const named = idsOf(references).get(address) ?? idsOf(references).get(full)
  return named ? within(named, `#${fragment}`) : null
}

/** Before 3.1 a schema has no identity of its own. */
function idsOf({ document }: References): Map<string, Place> {
  let index = indexes.get(document)
  if (index === undefined) {
    index = new Map()
    indexes.set(document, index)
    if (document.format === 'openapi-3.1' || document.format === 'openapi-3.2') {
      for (const [file, root] of [[document.path, document.root] as const, ...document.files]) {
        collect({ value: root, file, pointer: '' }, index, new Set())
      }
    }
  }
  return index
}

function collect(place: Place, index: Map<string, Place>, seen: Set<unknown>): void {
  if (typeof place.value !== 'object' || place.value === null || seen.has(place.value)) return
  seen.add(place.value)
  const { $id: id } = place.value as { $id?: unknown }
  if (typeof id === 'string' && !index.has(id)) index.set(id, place)
  for (const key of Object.keys(place.value)) collect(child(place, key), index, seen)
}
