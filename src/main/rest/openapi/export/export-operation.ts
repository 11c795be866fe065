import type { RestParameter, RestTool } from '../../../../shared/contract/rest.ts'
import { isObject } from '../../../base/is-object.ts'
import { OWN_HEADERS } from '../mapping/operation-parameters.ts'
import type { SchemaScope } from './shared-schemas.ts'

/** Gives a schema of the tool as it stands in the document. */
type MoveSchema = (schema: unknown, scope: SchemaScope) => unknown

/** Styles that OpenAPI 3.1 has for each place (4.8.12.3). Any other is left to our extension. */
const STYLES: Record<RestParameter['in'], readonly string[]> = {
  path: ['matrix', 'label', 'simple'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form'],
  body: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
}

/** A tool as an OpenAPI operation: as much of it as that has words for. */
export function operationOfTool(tool: RestTool, moved: MoveSchema): Record<string, unknown> {
  const { name, title, description, operation, base_url } = tool
  const parameters = [...fixedQuery(tool), ...declared(tool).map((parameter) => parameterObject(parameter, moved))]
  return {
    operationId: name,
    ...(title !== undefined && { summary: title }),
    ...(description !== '' && { description }),
    ...(operation !== undefined && operation.tags.length > 0 && { tags: operation.tags }),
    ...(operation?.deprecated === true && { deprecated: true }),
    ...(base_url !== undefined && { servers: [{ url: base_url }] }),
    ...(parameters.length > 0 && { parameters }),
    ...(tool.body !== null && { requestBody: requestBody(tool, tool.body, moved) }),
    responses: { 200: response(tool, moved) },
  }
}

/** Once each: two of one name in one place are more than OpenAPI has words for. */
function declared({ path, parameters }: RestTool): RestParameter[] {
  return parameters.filter((parameter, index) => {
    const { in: place, name } = parameter
    if (place === 'body' || (place === 'header' && OWN_HEADERS.has(name.toLowerCase()))) return false
    if (place === 'path' && !path.includes(`{${name}}`)) return false
    return parameters.findIndex((one) => one.in === place && one.name === name) === index
  })
}

/** `/search?type=open`: a path of OpenAPI has no query, so it becomes parameters that have one value. */
function fixedQuery({ path, parameters }: RestTool): unknown[] {
  const mark = path.indexOf('?')
  const query = new Map(mark === -1 ? [] : new URLSearchParams(path.slice(mark)))
  const isFree = (name: string) => !parameters.some((one) => one.in === 'query' && one.name === name)
  return [...query]
    .filter(([name]) => isFree(name))
    .map(([name, value]) => ({ name, in: 'query', required: true, schema: { const: value } }))
}

function parameterObject(parameter: RestParameter, moved: MoveSchema): Record<string, unknown> {
  const { name, in: place, description, style, explode, allow_reserved, content_type, constant } = parameter
  const isRequired = parameter.required || place === 'path' || constant !== undefined
  const schema = sentSchema(parameter, moved)
  return {
    name,
    in: place,
    ...(isRequired && { required: true }),
    ...(description !== '' && { description }),
    ...(content_type !== undefined
      ? { content: { [content_type]: { schema } } }
      : {
          ...(isStyleOf(place, style) && { style }),
          ...(explode !== undefined && { explode }),
          ...(allow_reserved !== undefined && place === 'query' && { allowReserved: allow_reserved }),
          schema,
        }),
  }
}

function requestBody(tool: RestTool, body: NonNullable<RestTool['body']>, moved: MoveSchema): Record<string, unknown> {
  const { content_type, required, description, schema } = body
  const media = schema === undefined ? fieldsMedia(tool, moved) : { schema: moved(schema, 'request') }
  return {
    ...(description !== '' && { description }),
    ...(required && { required }),
    content: { [content_type]: media },
  }
}

/** A body that is made of fields. */
function fieldsMedia({ parameters }: RestTool, moved: MoveSchema): Record<string, unknown> {
  const fields = parameters.filter((parameter) => parameter.in === 'body')
  const required = fields.filter((field) => field.required || field.constant !== undefined).map(({ name }) => name)
  const encoding = fields.flatMap((field): [string, unknown][] => {
    const { name, style, explode, allow_reserved, content_type } = field
    const facts = {
      ...(content_type !== undefined && { contentType: content_type }),
      ...(isStyleOf('body', style) && { style }),
      ...(explode !== undefined && { explode }),
      ...(allow_reserved !== undefined && { allowReserved: allow_reserved }),
    }
    return Object.keys(facts).length > 0 ? [[name, facts]] : []
  })
  return {
    schema: {
      type: 'object',
      properties: Object.fromEntries(
        fields.map((field) => [field.name, describedSchema(sentSchema(field, moved), field.description)]),
      ),
      ...(required.length > 0 && { required: [...new Set(required)] }),
    },
    ...(encoding.length > 0 && { encoding: Object.fromEntries(encoding) }),
  }
}

/** Others see of a hidden constant that there is one value to send. */
function sentSchema({ schema, constant }: RestParameter, moved: MoveSchema): unknown {
  return constant === undefined ? moved(schema, 'request') : { const: constant }
}

function describedSchema(schema: unknown, description: string): unknown {
  if (description === '' || schema === false) return schema
  return { ...(isObject(schema) ? schema : {}), description }
}

function response({ output_schema }: RestTool, moved: MoveSchema): Record<string, unknown> {
  if (output_schema === undefined) return { description: 'What the API answers.' }
  // Its own definitions are among those of the document.
  const { $defs: _, ...schema } = output_schema
  return { description: 'What the API answers.', content: { 'application/json': { schema: moved(schema, 'answer') } } }
}

function isStyleOf(place: RestParameter['in'], style: string | undefined): boolean {
  return style !== undefined && STYLES[place].includes(style)
}
