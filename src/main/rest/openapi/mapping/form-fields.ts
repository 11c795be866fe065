import type { JsonSchema } from '../../../../shared/contract/rest.ts'
import { isObject } from '../../../base/is-object.ts'
import { bodyKind } from '../../media-type.ts'
import { OCTETS } from '../schemas/schema-keywords.ts'

const FILE_HINT = 'Base64 or a data URL.'
const BASE64_HINT = 'Base64.'

/**
 * A field of a multipart body, its schema without references. Bytes are a part of their own, which an agent gives as base64
 * (`contentEncoding`); a text that the API itself wants in base64 is no file, so it has no encoding there. `contentType`: as
 * the field's encoding has it.
 */
export function formField(schema: JsonSchema, contentType: string | undefined): { schema: JsonSchema; hint: string } {
  if (!isObject(schema)) return { schema, hint: '' }
  if (schema.type === 'array' && isObject(schema.items)) {
    const { schema: items, hint } = formField(schema.items, contentType)
    return hint === '' ? { schema, hint } : { schema: { ...schema, items }, hint: `Each one: ${hint}` }
  }
  const { contentEncoding, contentMediaType, ...rest } = schema
  if (contentEncoding === 'base64') {
    const isFile = contentMediaType === OCTETS
    return isFile
      ? { schema: { ...rest, type: 'string', contentEncoding }, hint: FILE_HINT }
      : { schema: rest, hint: BASE64_HINT }
  }
  if (isFileByType(schema, contentType)) {
    return { schema: { type: 'string', ...schema, contentEncoding: 'base64' }, hint: FILE_HINT }
  }
  return { schema, hint: '' }
}

/** In 3.1 bytes may have no type at all, only a media type, or one in the encoding of the field. */
function isFileByType(schema: Record<string, unknown>, contentType: string | undefined): boolean {
  if (schema.contentEncoding !== undefined || schema.$ref !== undefined || schema.enum !== undefined) return false
  const types = [schema.contentMediaType, contentType].filter((type) => typeof type === 'string')
  const isBinary = types.some((type) => type.split(',').some((one) => bodyKind(one.trim()) === 'binary'))
  return isBinary && (schema.type === undefined || schema.type === 'string') && !('properties' in schema)
}

export function withHint(description: string, hint: string): string {
  if (hint === '' || /base64/i.test(description)) return description
  if (description === '') return hint
  return `${description}${/[.!?:]$/.test(description) ? '' : '.'} ${hint}`
}
