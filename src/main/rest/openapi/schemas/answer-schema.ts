import type { JsonSchema } from '../../../../shared/contract/rest.ts'
import { isObject } from '../../../base/is-object.ts'
import { isJson } from '../../media-type.ts'
import { type GivenOperation, mediaTypes } from '../mapping/operation-parameters.ts'
import { child, members, type ObjectPlace, type Place } from '../mapping/place.ts'
import type { References } from '../mapping/references.ts'
import type { SchemaConverter } from './schema-converter.ts'
import type { Dialect } from './schema-keywords.ts'
import { distinct } from './schema-parts.ts'
import { shortened, type Tiers } from './shorter-schemas.ts'
import type { ToolSchemas } from './tool-schemas.ts'

/** Above this a schema costs more than it tells. */
const MAX_BYTES = 32 * 1024
const TIERS: Tiers = [
  [8 * 1024, 250],
  [24 * 1024, 80],
]

/**
 * What the answer to an operation looks like, where it is a JSON object whatever its status is. Null: that can't be said; a
 * client would throw away an answer without such an object.
 */
export function answerSchema(
  references: References,
  converter: SchemaConverter,
  schemas: ToolSchemas,
  dialect: Dialect,
  operation: GivenOperation,
): Record<string, unknown> | null {
  // The answer to HEAD has no body, whatever it is said to be like.
  if (operation.method === 'HEAD') return null
  const given = successes(references, dialect, operation)
  const objects = given.map((place) =>
    place === null ? null : asObject(converter.convert(place, 'response'), converter),
  )
  const [first] = objects
  if (!first || objects.includes(null)) return null
  const different = distinct(objects)
  const joined = different.length === 1 ? first : { type: 'object', anyOf: different }
  const {
    schemas: [schema],
    $defs,
  } = shortened(schemas.of([joined]), TIERS)
  if (!isObject(schema)) return null
  const result = { ...schema, ...(Object.keys($defs).length > 0 && { $defs }) }
  const bytes = JSON.stringify(result).length
  if (bytes <= MAX_BYTES) return result
  const size = `${Math.round(bytes / 1024)} KiB`
  const message = `The schema of the answer has ${size}; it is left out, because agents would read it with the tool.`
  references.warnings.add(child(operation.place, 'responses'), message, operation.label)
  return null
}

/** The schema of each answer with a status of success. Null: it is no JSON. */
function successes(references: References, dialect: Dialect, operation: GivenOperation): (Place | null)[] {
  const codes = members(child(operation.place, 'responses')).filter(([code]) => /^2(\d\d|XX)$/i.test(code))
  return codes.map(([, place]) => {
    const response = references.object(place, 'A response', 'is left out', operation.label)
    if (response === null) return null
    return dialect === '2.0' ? swaggerSchema(references, operation, response) : mediaSchema(references, response)
  })
}

function mediaSchema(references: References, response: ObjectPlace): Place | null {
  const json = mediaTypes(references, child(response, 'content')).find(([type]) => isJson(type) || type === '*/*')
  if (json === undefined) return null
  const schema = child(json[1], 'schema')
  return schema.value === undefined ? null : schema
}

function swaggerSchema(references: References, { place }: GivenOperation, response: ObjectPlace): Place | null {
  const schema = child(response, 'schema')
  if (schema.value === undefined) return null
  const produced = place.value.produces ?? references.root.value.produces
  const types = Array.isArray(produced) ? produced.filter((type) => typeof type === 'string') : []
  return types.length === 0 || types.some((type) => isJson(type) || type === '*/*') ? schema : null
}

/** With its own keywords at the top, as MCP has output schemas (2025-11-25, Tool); null: it may be no object. */
function asObject(schema: JsonSchema, converter: SchemaConverter): Record<string, unknown> | null {
  const opened = converter.opened(schema, 'response')
  if (!isObject(opened)) return null
  const { description: _, ...rest } = opened
  if (rest.type === 'object') return rest
  if (rest.type !== undefined) return null
  if (isObject(rest.properties)) return { type: 'object', ...rest }
  for (const keyword of ['allOf', 'anyOf', 'oneOf'] as const) {
    const { [keyword]: branches } = rest
    if (!Array.isArray(branches) || branches.length === 0) continue
    const isOne = (branch: unknown) => asObject(branch as JsonSchema, converter) !== null
    if (keyword === 'allOf' ? branches.some(isOne) : branches.every(isOne)) return { type: 'object', ...rest }
  }
  return null
}
