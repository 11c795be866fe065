import { isObject } from '../../../base/is-object.ts'
import { bodyKind } from '../../media-type.ts'
import type { FieldWriting, GivenBody } from './body-model.ts'
import { cleanText } from './clean-text.ts'
import { bestMedia, rankOf } from './media-choice.ts'
import { type GivenOperation, mediaTypes } from './operation-parameters.ts'
import { writingOf } from './parameter-style.ts'
import { child, isObjectPlace, members, type ObjectPlace, type Place } from './place.ts'
import type { References } from './references.ts'
import type { SchemaConverter } from '../schemas/schema-converter.ts'

const MAX_DESCRIPTION = 1000

/** The `requestBody` of an operation of OpenAPI 3, in the one of its media types that is sent. */
export function requestBodyOf(
  references: References,
  converter: SchemaConverter,
  operation: GivenOperation,
): GivenBody | null {
  const given = child(operation.place, 'requestBody')
  if (given.value === undefined || given.value === null) return null
  const fate = 'is left out, so that nothing can be sent'
  const place = references.object(given, 'The request body', fate, operation.label)
  if (place === null) return null
  const media = mediaTypes(references, child(place, 'content'))
  const best = bestMedia(media, ([type, one]) => rankOf(type, isListed(references, child(one, 'schema'))))
  if (best === undefined) {
    references.warnings.add(place, 'The request body has no media type; JSON is sent.', operation.label)
  }
  const [type, chosen] = best ?? ['application/json', { ...place, value: {} }]
  const raw = child(chosen, 'schema')
  const isBytes = isBinarySchema(references, raw)
  const contentType = type === '*/*' ? (isBytes ? 'application/octet-stream' : 'application/json') : type.trim()
  return {
    place,
    contentType,
    required: place.value.required === true,
    description: cleanText(place.value.description, MAX_DESCRIPTION),
    schema: converter.convert(raw, 'request'),
    writing: encodingOf(references, chosen, contentType, operation.label),
  }
}

function encodingOf(
  references: References,
  media: ObjectPlace,
  contentType: string,
  operation: string,
): Map<string, FieldWriting> {
  const kind = bodyKind(contentType)
  const writing = new Map<string, FieldWriting>()
  if (kind !== 'form' && kind !== 'multipart') return writing
  for (const [field, encoding] of members(child(media, 'encoding'))) {
    if (!isObjectPlace(encoding)) {
      references.warnings.add(encoding, `The encoding of ${field} is not an object; it is left out.`, operation)
      continue
    }
    const warn = (message: string) => references.warnings.add(encoding, `Field ${field} ${message}.`, operation)
    const { style, explode, allowReserved, contentType: type } = encoding.value
    const styled = style !== undefined || explode !== undefined || allowReserved !== undefined
    // With a style the media type says nothing (OpenAPI 3.1, 4.8.15.1); form and explode are what a form has without one.
    const written = styled ? writingOf(encoding.value, 'body', warn) : {}
    writing.set(field, {
      ...written,
      ...(styled && Object.keys(written).length === 0 && { style: 'form' as const }),
      ...(!styled && typeof type === 'string' && type.trim() !== '' && { content_type: type.trim().slice(0, 256) }),
    })
  }
  return writing
}

function isListed(references: References, schema: Place): boolean {
  const place = behind(references, schema)
  return isObject(place.value) && place.value.type === 'array'
}

function isBinarySchema(references: References, schema: Place): boolean {
  const place = behind(references, schema)
  return isObject(place.value) && (place.value.format === 'binary' || place.value.type === 'file')
}

function behind(references: References, schema: Place): Place {
  if (!isObject(schema.value) || typeof schema.value.$ref !== 'string') return schema
  return references.find(schema, schema.value.$ref) ?? schema
}
