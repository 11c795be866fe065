import type { JsonSchema, RestParameter } from '../../../../shared/contract/rest.ts'
import { isObject } from '../../../base/is-object.ts'
import { cleanText } from './clean-text.ts'
import { bestMedia, rankOf } from './media-choice.ts'
import { type GivenOperation, type GivenParameter, mediaTypes } from './operation-parameters.ts'
import { collectionWriting, writingOf } from './parameter-style.ts'
import { child, type ObjectPlace } from './place.ts'
import type { References } from './references.ts'
import type { SchemaConverter } from '../schemas/schema-converter.ts'
import type { Dialect } from '../schemas/schema-keywords.ts'

const MAX_DESCRIPTION = 1000

/** A parameter in path, query, header or cookie as tools have it. */
export function restParameter(
  references: References,
  converter: SchemaConverter,
  dialect: Dialect,
  operation: GivenOperation,
  { place, name, in: where }: GivenParameter & { in: 'path' | 'query' | 'header' | 'cookie' },
): RestParameter {
  const warn = (message: string) => references.warnings.add(place, `Parameter ${name} ${message}.`, operation.label)
  const content = dialect === '2.0' ? [] : mediaTypes(references, child(place, 'content'))
  const media = bestMedia(content, ([type]) => rankOf(type))
  const hasSchema = place.value.schema !== undefined
  // Both are there in documents that were converted by hand: a schema of its own in 2.0, and its keywords in 3.0.
  const isSwagger = dialect === '2.0' ? place.value.type !== undefined || !hasSchema : !hasSchema
  const raw = media && !hasSchema ? child(media[1], 'schema') : isSwagger ? schemaIn(place) : child(place, 'schema')
  const { schema, description } = withoutDescription(converter.convert(raw, 'request'))
  const own = cleanText(place.value.description, MAX_DESCRIPTION)
  const { deprecated } = place.value
  return {
    name,
    in: where,
    required: where === 'path' || place.value.required === true,
    description: own === '' ? description : own,
    schema: deprecated === true && isObject(schema) ? { ...schema, deprecated } : schema,
    ...(media && !hasSchema
      ? { content_type: media[0].trim().slice(0, 256) }
      : dialect === '2.0'
        ? collectionWriting(place.value, where, warn)
        : writingOf(place.value, where, warn)),
  }
}

/** What the schema says of itself goes where a parameter says it, so that it is said once. */
export function withoutDescription(schema: JsonSchema): { schema: JsonSchema; description: string } {
  if (!isObject(schema) || typeof schema.description !== 'string') return { schema, description: '' }
  const { description, ...rest } = schema
  return { schema: rest, description }
}

/** The keywords of a parameter that are those of a schema: Swagger 2.0 has them side by side. */
export function schemaIn(place: ObjectPlace): ObjectPlace {
  const { name: _, in: __, required: ___, description: ____, ...schema } = place.value
  return { ...place, value: schema }
}
