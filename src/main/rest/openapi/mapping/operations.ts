import { isObject } from '../../../base/is-object.ts'
import type { GivenOperation } from './operation-parameters.ts'
import { child, isObjectPlace, members, type ObjectPlace, type Place } from './place.ts'
import type { References } from './references.ts'

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace', 'query'] as const
/** What no HTTP client may be told to send for somebody else. */
const FORBIDDEN = new Set(['TRACE', 'CONNECT'])
const METHOD = /^[A-Z][A-Z-]{0,19}$/
const MAX_KEY = 4096

interface FoundOperations {
  operations: GivenOperation[]
  /** Those that could not be used included. */
  count: number
}

/** The operations of a document, in its order. Webhooks and callbacks are what the API calls, so they are none. */
export function operationsOf(references: References): FoundOperations {
  const { warnings, root } = references
  const found: FoundOperations = { operations: [], count: 0 }
  const paths = child(root, 'paths')
  if (!isObject(paths.value)) {
    if (paths.value !== undefined && paths.value !== null) {
      warnings.add(paths, '`paths` is not an object, so there are no operations.')
    }
    return found
  }
  for (const [path, place] of members(paths)) {
    if (path.startsWith('x-')) continue
    const pathItem = pathItemOf(references, place, path)
    if (pathItem === null) continue
    if (!path.startsWith('/')) warnings.add(place, `The path ${path} does not begin with /; it is read as if it did.`)
    const isNew = references.document.format === 'openapi-3.2'
    for (const method of METHODS) {
      // Before 3.2 that is no method, and nothing else either.
      if (method === 'query' && !isNew) continue
      if (Object.hasOwn(pathItem.value, method)) add(found, references, path, pathItem, method, child(pathItem, method))
    }
    if (!isNew) continue
    for (const [method, operation] of members(child(pathItem, 'additionalOperations'))) {
      add(found, references, path, pathItem, method, operation)
    }
  }
  return found
}

/** The path item with what its `$ref` leads to; its own members have the say (OpenAPI 3.1, 4.8.9.1). */
function pathItemOf(references: References, place: Place, path: string): ObjectPlace | null {
  if (place.value === null) return null
  if (!isObjectPlace(place)) {
    references.warnings.add(place, `The path ${path} is not an object; it is left out.`)
    return null
  }
  const { $ref: reference, ...own } = place.value
  if (typeof reference !== 'string') return place
  const target = references.object({ ...place, value: { $ref: reference } }, `The path ${path}`)
  if (target === null) return Object.keys(own).length > 0 ? { ...place, value: own } : null
  if (Object.keys(own).length === 0) return target
  return { ...target, value: { ...target.value, ...own } }
}

function add(
  found: FoundOperations,
  { warnings }: References,
  path: string,
  pathItem: ObjectPlace,
  given: string,
  place: Place,
): void {
  found.count++
  const method = given.toUpperCase()
  const label = `${method} ${path}`
  const problem = problemOf(found, { label, method, path, pathItem }, place)
  if (problem !== undefined || !isObjectPlace(place)) {
    warnings.add(place, `${label} ${problem ?? 'is not an object'}; it is left out.`, label)
    return
  }
  found.operations.push({ label, method, path, place, pathItem })
}

/** Why an operation can't be a tool. */
function problemOf(
  { operations }: FoundOperations,
  { label, method, path, pathItem }: Omit<GivenOperation, 'place'>,
  place: Place,
): string | undefined {
  if (!isObjectPlace(place)) return 'is not an object'
  if (FORBIDDEN.has(method)) return 'has a method that is not for agents'
  if (!METHOD.test(method)) return 'has a method that HTTP does not know'
  if (path.length > MAX_KEY) return 'has a path that is too long'
  // `additionalOperations` may repeat a method. Those of one path follow each other.
  for (let index = operations.length - 1; operations[index]?.pathItem === pathItem; index--) {
    if (operations[index]?.label === label) return 'is there twice'
  }
  return undefined
}
