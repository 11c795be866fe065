import { child, isObjectPlace, items, members, type Place } from '../mapping/place.ts'
import type { References } from '../mapping/references.ts'

/** Whether schemas describe what is sent or what comes back. */
export type Direction = 'request' | 'response'

const MARKS = { request: 'readOnly', response: 'writeOnly' } as const

/**
 * Names of properties that have no business in a direction: `readOnly` in requests, `writeOnly` in answers. What one branch
 * of an `allOf` says holds for all of them, so they are looked at together, through references.
 */
export function hiddenProperties(references: References, schema: Place, direction: Direction): Set<string> {
  const hidden = new Set<string>()
  const seen = new Set<unknown>()
  const look = (place: Place): void => {
    if (!isObjectPlace(place) || seen.has(place.value)) return
    seen.add(place.value)
    const { $ref: reference } = place.value
    const target = typeof reference === 'string' ? references.find(place, reference) : null
    if (target) look(target)
    for (const [name, property] of members(child(place, 'properties'))) {
      if (isHidden(references, property, direction)) hidden.add(name)
    }
    for (const branch of items(child(place, 'allOf'))) look(branch)
  }
  look(schema)
  return hidden
}

function isHidden(references: References, property: Place, direction: Direction): boolean {
  if (!isObjectPlace(property)) return false
  const { [MARKS[direction]]: mark, $ref: reference, allOf } = property.value
  if (mark === true) return true
  if (typeof reference === 'string') {
    const target = references.find(property, reference)
    return target !== null && isObjectPlace(target) && target.value[MARKS[direction]] === true
  }
  // `allOf: [{$ref: …}, {readOnly: true}]` is how 3.0 puts something beside a reference.
  return (
    Array.isArray(allOf) && items(child(property, 'allOf')).some((branch) => isHidden(references, branch, direction))
  )
}
