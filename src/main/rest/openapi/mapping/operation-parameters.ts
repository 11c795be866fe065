import { isObject } from '../../../base/is-object.ts'
import { child, isObjectPlace, items, members, type ObjectPlace, type Place, textAt } from './place.ts'
import type { References } from './references.ts'

/** A parameter as the document has it, found through its reference. `in` is what it says, which may be nonsense. */
export interface GivenParameter {
  place: ObjectPlace
  name: string
  in: string
}

/** What a document says of an operation, and of the path that it belongs to. */
export interface GivenOperation {
  /** `GET /invoices/{id}`. */
  label: string
  method: string
  path: string
  place: ObjectPlace
  pathItem: ObjectPlace
}

/**
 * Headers that are made from elsewhere, media types and credentials: as parameters they are ignored (OpenAPI 3.0, 4.7.12.1;
 * 3.1, 4.8.12.2.1).
 */
export const OWN_HEADERS = new Set(['accept', 'content-type', 'authorization'])
const MAX_NAME = 256

/** The parameters of an operation: those of its path, in place of which it may have others of its own. */
export function parametersOf(references: References, operation: GivenOperation): GivenParameter[] {
  const merged = new Map<string, GivenParameter>()
  for (const level of [operation.pathItem, operation.place]) {
    const own = new Set<string>()
    for (const place of listed(references, child(level, 'parameters'), operation.label)) {
      const parameter = readParameter(references, place, operation)
      if (parameter === null) continue
      // A later body parameter replaces an earlier one whatever they are called: a request has one body.
      const isSwaggerBody = parameter.in === 'body'
      const name = parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name
      const key = isSwaggerBody ? 'body' : `${parameter.in} ${name}`
      if (own.has(key)) {
        const message = isSwaggerBody
          ? `A request has one body, and this is another body parameter (${parameter.name}); it is left out.`
          : `There are two parameters ${parameter.name} in ${parameter.in}; the second is left out.`
        references.warnings.add(place, message, operation.label)
        continue
      }
      own.add(key)
      merged.set(key, parameter)
    }
  }
  return [...merged.values()]
}

/** A list of parameters; some documents have an object of them, by name. */
function listed(references: References, place: Place, operation: string): Place[] {
  if (Array.isArray(place.value) || place.value === undefined || place.value === null) return items(place)
  references.warnings.add(place, '`parameters` is not a list; it is read as well as it can be.', operation)
  if (isObject(place.value) && ('in' in place.value || '$ref' in place.value)) return [place]
  return members(place).map(([, member]) => member)
}

function readParameter(references: References, place: Place, operation: GivenOperation): GivenParameter | null {
  const found = references.object(place, 'A parameter', 'is left out', operation.label)
  if (found === null) return null
  const warn = (message: string) => references.warnings.add(place, message, operation.label)
  const name = textAt(found, 'name')
  const where = textAt(found, 'in')?.trim()
  if (where === 'querystring') return { place: found, name: name ?? '', in: where }
  if (where === 'body') return { place: found, name: name ?? 'body', in: where }
  if (name === undefined || name.trim() === '') {
    warn('A parameter has no name; it is left out.')
    return null
  }
  if (name.length > MAX_NAME) {
    warn(`The name of a parameter has more than ${MAX_NAME} characters; it is left out.`)
    return null
  }
  if (where !== undefined && ['path', 'query', 'header', 'cookie', 'formData'].includes(where)) {
    if (where === 'header' && OWN_HEADERS.has(name.toLowerCase())) return null
    return { place: found, name, in: where }
  }
  const known = ['path', 'query', 'header', 'cookie', 'formData', 'body'].find(
    (one) => one.toLowerCase() === where?.toLowerCase(),
  )
  if (known !== undefined) return { place: found, name, in: known }
  if (operation.path.includes(`{${name}}`)) {
    warn(`Parameter ${name} does not say that it is in the path; it is in the path's template.`)
    return { place: found, name, in: 'path' }
  }
  warn(
    `Parameter ${name} is in ${where === undefined ? 'no place' : `"${where}"`}, which there is not; it is left out.`,
  )
  return null
}

/** The media types of a `content`, with their place. */
export function mediaTypes(references: References, place: Place): [type: string, place: ObjectPlace][] {
  return members(place).flatMap(([type, media]): [string, ObjectPlace][] => {
    if (type.startsWith('x-') && !type.includes('/')) return []
    const found = media.value === null ? { ...media, value: {} } : media
    // 3.2 has references to media types.
    const object = references.object(found, `The media type ${type}`)
    return object && isObjectPlace(object) ? [[type, object]] : []
  })
}
