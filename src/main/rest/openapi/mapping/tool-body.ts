import type { JsonSchema, RestParameter } from '../../../../shared/contract/rest.ts'
import { isObject } from '../../../base/is-object.ts'
import { bodyKind } from '../../media-type.ts'
import { namesClash } from './argument-names.ts'
import type { GivenBody, ToolBody } from './body-model.ts'
import { formField, withHint } from './form-fields.ts'
import { isAnnotation } from '../schemas/nullable.ts'
import { withoutDescription } from './rest-parameter.ts'
import type { SchemaConverter } from '../schemas/schema-converter.ts'

type Schema = Record<string, unknown>
type FieldOf = (schema: JsonSchema, contentType: string | undefined) => { schema: JsonSchema; hint: string }

const MAX_FIELDS = 500
const MAX_NAME = 256
/** What an object may say that is kept, or is no loss, when its properties become arguments. */
const FLAT = new Set(['type', 'properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties'])

/**
 * The body as arguments: its fields, where they can say all that it says; else the one argument `body`. Fields of forms that
 * share a name with another parameter stay fields, because only fields say how they are written.
 */
export function toolBody(given: GivenBody, converter: SchemaConverter, others: readonly RestParameter[]): ToolBody {
  const { contentType, required, description, fields } = given
  const body = { content_type: contentType.slice(0, 256), required, description }
  if (fields) return { body, fields }
  const kind = bodyKind(contentType)
  const opened = converter.opened(given.schema, 'request')
  if (kind === 'text' || kind === 'binary') return { body: { ...body, ...wholeText(kind, given, opened) }, fields: [] }
  const fieldOf: FieldOf = (schema, type) => {
    if (kind !== 'multipart') return { schema, hint: '' }
    const { schema: field, hint } = formField(converter.opened(schema, 'request'), type)
    return hint === '' ? { schema, hint } : { schema: field, hint }
  }
  const isForm = kind === 'form' || kind === 'multipart'
  if (kind === 'json' || isForm) {
    const flat = flattened(given, opened, fieldOf)
    if (flat !== null && (isForm || !namesClash([...flat, ...others]))) return { body, fields: flat }
  }
  const { schema, description: own } = withoutDescription(given.schema)
  const whole = isForm && isObject(opened) ? withFiles(given, opened, fieldOf) : schema
  return { body: { ...body, description: description === '' ? own : description, schema: whole }, fields: [] }
}

/** The properties of the body as parameters; null: they would not say all of it. */
function flattened(given: GivenBody, schema: JsonSchema, fieldOf: FieldOf): RestParameter[] | null {
  if (!isObject(schema) || !isObject(schema.properties)) return null
  const isObjectType = schema.type === undefined || [schema.type].flat().includes('object')
  if (!isObjectType || !Object.keys(schema).every((keyword) => FLAT.has(keyword) || isAnnotation(keyword))) return null
  const { additionalProperties = false } = schema
  if (additionalProperties !== false) return null
  const required = Array.isArray(schema.required) ? (schema.required as string[]) : []
  if (!given.required && required.length > 0) return null
  const undeclared = required.filter((name) => !Object.hasOwn(schema.properties as Schema, name))
  const properties = [...Object.entries(schema.properties), ...undeclared.map((name) => [name, {}] as const)]
  if (properties.length === 0 || properties.length > MAX_FIELDS) return null
  if (properties.some(([name]) => name === '' || name.length > MAX_NAME)) return null
  return properties.map(([name, property]) => {
    const writing = given.writing.get(name)
    const { schema: field, hint } = fieldOf(property as JsonSchema, writing?.content_type)
    const { schema: bare, description } = withoutDescription(field)
    return {
      name,
      in: 'body' as const,
      required: required.includes(name),
      description: withHint(description, hint),
      schema: bare,
      ...writing,
    }
  })
}

/** A form that is one argument: what its files are is said in its properties. */
function withFiles(given: GivenBody, schema: Schema, fieldOf: FieldOf): JsonSchema {
  const { description: _, ...rest } = schema
  if (!isObject(rest.properties)) return rest
  const properties = Object.entries(rest.properties).map(([name, property]) => {
    const type = given.writing.get(name)?.content_type
    const { schema: field, hint } = fieldOf(property as JsonSchema, type)
    if (hint === '' || !isObject(field)) return [name, field] as const
    const { schema: bare, description } = withoutDescription(field)
    return [name, { ...(bare as Schema), description: withHint(description, hint) }] as const
  })
  return { ...rest, properties: Object.fromEntries(properties) }
}

/** A body that is text, or bytes. Whatever its schema says, it is one string. */
function wholeText(
  kind: 'text' | 'binary',
  given: GivenBody,
  schema: JsonSchema,
): { schema: JsonSchema; description: string } {
  const isString = isObject(schema) && schema.type === 'string'
  const { schema: own, description } = withoutDescription(isString ? schema : {})
  const said = given.description === '' ? description : given.description
  if (kind === 'binary') {
    return {
      schema: { type: 'string', contentEncoding: 'base64' },
      description: withHint(said, 'Base64 or a data URL.'),
    }
  }
  const { contentEncoding: _, ...text } = own as Schema
  const hint = isString ? '' : `Text of type ${given.contentType}.`
  return { schema: { type: 'string', ...text }, description: said === '' ? hint : said }
}
