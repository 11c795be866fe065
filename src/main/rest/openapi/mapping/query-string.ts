import type { RestParameter } from '../../../../shared/contract/rest.ts'
import { isObject } from '../../../base/is-object.ts'
import { bodyKind } from '../../media-type.ts'
import { type GivenOperation, mediaTypes } from './operation-parameters.ts'
import { writingOf } from './parameter-style.ts'
import { child, isObjectPlace, type ObjectPlace } from './place.ts'
import type { References } from './references.ts'
import { withoutDescription } from './rest-parameter.ts'
import type { SchemaConverter } from '../schemas/schema-converter.ts'

/**
 * The whole query as one parameter (`in: querystring`, OpenAPI 3.2, 4.12.2.1). Where it is form-urlencoded, the properties of
 * its schema are the parameters of the query; anything else no tool can say.
 */
export function queryStringParameters(
  references: References,
  converter: SchemaConverter,
  operation: GivenOperation,
  place: ObjectPlace,
): RestParameter[] {
  const refuse = (why: string): [] => {
    references.warnings.add(place, `The query is described as a whole ${why}; it is left out.`, operation.label)
    return []
  }
  const media = mediaTypes(references, child(place, 'content'))
  const form = media.find(([type]) => bodyKind(type) === 'form')
  if (form === undefined) return refuse(`in ${media[0]?.[0] ?? 'no media type'}`)
  const schema = converter.opened(converter.convert(child(form[1], 'schema'), 'request'), 'request')
  if (!isObject(schema) || !isObject(schema.properties)) return refuse('without properties')
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(schema.properties).map(([name, property]) => {
    const encoding = child(child(form[1], 'encoding'), name)
    const warn = (message: string) =>
      references.warnings.add(encoding, `Parameter ${name} ${message}.`, operation.label)
    const { schema: bare, description } = withoutDescription(property as RestParameter['schema'])
    return {
      name,
      in: 'query' as const,
      required: place.value.required === true && required.includes(name),
      description,
      schema: bare,
      ...(isObjectPlace(encoding) && writingOf(encoding.value, 'query', warn)),
    }
  })
}
