import type { JsonSchema } from '../../../shared/contract/rest.ts'
import { textOfValue, typeOfSchema } from './schema-types.ts'
import { argumentOf } from './tool-of-draft.ts'
import { emptyParameter, type ParameterDraft, type ToolDraft } from './tool-draft.ts'

export const contentTypes = [
  { value: 'application/json', label: 'JSON' },
  { value: 'application/x-www-form-urlencoded', label: 'Form' },
  { value: 'multipart/form-data', label: 'Multipart form' },
  { value: 'text/plain', label: 'Text' },
  { value: 'application/octet-stream', label: 'Binary' },
] as const

/** Whether a body of this type is made of fields. */
export function canHaveFields(contentType: string): boolean {
  return /json|x-www-form-urlencoded|^multipart\//.test(contentType)
}

/** The draft with another kind of body; fields become an object and the properties of an object fields, as far as they say. */
export function withBodyKind(draft: ToolDraft, kind: ToolDraft['body']['kind']): ToolDraft {
  const { body } = draft
  const fields = draft.parameters.filter((row) => row.in === 'body')
  const others = draft.parameters.filter((row) => row.in !== 'body')
  if (kind === body.kind) return draft
  if (kind === 'none') return { ...draft, parameters: others, body: { ...body, kind } }
  if (kind === 'value') {
    const value = fields.length > 0 ? objectOf(fields) : body.schema.value
    return { ...draft, parameters: others, body: { ...body, kind, schema: { value } } }
  }
  return {
    ...draft,
    parameters: fields.length > 0 ? draft.parameters : [...others, ...fieldsOf(body.schema.value)],
    body: { ...body, kind },
  }
}

/** The draft with a body of another type: text and bytes are one value. */
export function withContentType(draft: ToolDraft, contentType: string): ToolDraft {
  const changed = { ...draft, body: { ...draft.body, content_type: contentType } }
  if (canHaveFields(contentType)) return changed
  const whole = withBodyKind(changed, 'value')
  const schema: JsonSchema = contentType.includes('octet-stream')
    ? { type: 'string', contentEncoding: 'base64' }
    : { type: 'string' }
  return { ...whole, body: { ...whole.body, schema: { value: schema } } }
}

function objectOf(fields: readonly ParameterDraft[]): JsonSchema {
  const required = fields.filter((row) => row.required).map(({ name }) => name)
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((row) => [row.name, describedSchema(row)])),
    ...(required.length > 0 ? { required } : {}),
  }
}

function describedSchema({ schema: { value }, description }: ParameterDraft): JsonSchema {
  return description === '' || typeof value === 'boolean' ? value : { ...value, description }
}

function fieldsOf(schema: JsonSchema): ParameterDraft[] {
  if (typeof schema === 'boolean' || typeof schema.properties !== 'object' || schema.properties === null) return []
  const required = Array.isArray(schema.required) ? schema.required : []
  return Object.entries(schema.properties as Record<string, JsonSchema>).map(([name, property]) => {
    const { description, default: fallback, ...rest } = typeof property === 'boolean' ? {} : property
    const value = typeof property === 'boolean' ? property : rest
    return emptyParameter({
      name,
      argument: argumentOf({ argument: '', name }) === name ? '' : argumentOf({ argument: '', name }),
      in: 'body',
      required: required.includes(name),
      description: typeof description === 'string' ? description : '',
      schema: { value },
      fallback: fallback === undefined ? undefined : textOfValue(fallback, typeOfSchema(value)),
    })
  })
}
