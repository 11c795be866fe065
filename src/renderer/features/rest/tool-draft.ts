import type { JsonSchema, ParameterPlace, ParameterStyle, RestTool } from '../../../shared/contract/rest.ts'
import { projectionText } from './projection-text.ts'
import { textOfValue, typeOfSchema } from './schema-types.ts'

/** A schema or any JSON as it is edited: `text` while what is typed is not one. */
export interface JsonDraft<Value> {
  value: Value
  text?: string
}

/** One parameter as a person fills it in. */
export interface ParameterDraft {
  /** Tells rows apart, whatever they are called. */
  id: number
  name: string
  argument: string
  in: ParameterPlace
  required: boolean
  description: string
  /** Without its default. */
  schema: JsonDraft<JsonSchema>
  /** As typed; undefined: there is none. */
  fallback: string | undefined
  /** The value that is always sent, as typed; undefined: agents choose it. */
  constant: string | undefined
  style: ParameterStyle | ''
  explode: boolean | undefined
  allow_reserved: boolean
  content_type: string
}

export interface BodyDraft {
  /** `fields`: made of the parameters in it. `value`: one argument. */
  kind: 'none' | 'fields' | 'value'
  content_type: string
  required: boolean
  description: string
  schema: JsonDraft<JsonSchema>
}

export type Hint = 'readOnlyHint' | 'destructiveHint' | 'idempotentHint' | 'openWorldHint'

/** A tool as it is edited: everything is there, and nothing has to be right yet. */
export interface ToolDraft {
  name: string
  title: string
  description: string
  method: string
  path: string
  base_url: string
  parameters: readonly ParameterDraft[]
  /** Path parameters whose placeholder went away: back with everything they had once it is there again. */
  parked: readonly ParameterDraft[]
  body: BodyDraft
  annotations: Readonly<Record<string, boolean>>
  projection: string
  output_schema: JsonDraft<Record<string, unknown> | undefined>
  $defs: JsonDraft<Record<string, JsonSchema> | undefined>
  operation: RestTool['operation']
}

let lastId = 0

export function emptyParameter(changes: Partial<ParameterDraft> = {}): ParameterDraft {
  lastId += 1
  return {
    id: lastId,
    name: '',
    argument: '',
    in: 'query',
    required: false,
    description: '',
    schema: { value: { type: 'string' } },
    fallback: undefined,
    constant: undefined,
    style: '',
    explode: undefined,
    allow_reserved: false,
    content_type: '',
    ...changes,
  }
}

export function emptyTool(): ToolDraft {
  return {
    name: '',
    title: '',
    description: '',
    method: 'GET',
    path: '',
    base_url: '',
    parameters: [],
    parked: [],
    body: emptyBody(),
    annotations: {},
    projection: '',
    output_schema: { value: undefined },
    $defs: { value: undefined },
    operation: undefined,
  }
}

function emptyBody(): BodyDraft {
  return { kind: 'none', content_type: 'application/json', required: false, description: '', schema: { value: {} } }
}

/** A stored tool as it is edited. */
export function draftOfTool(tool: RestTool): ToolDraft {
  const hasFields = tool.parameters.some(({ in: place }) => place === 'body')
  return {
    ...emptyTool(),
    name: tool.name,
    title: tool.title ?? '',
    description: tool.description,
    method: tool.method,
    path: tool.path,
    base_url: tool.base_url ?? '',
    parameters: tool.parameters.map(draftOfParameter),
    body: tool.body
      ? {
          kind: tool.body.schema === undefined ? 'fields' : 'value',
          content_type: tool.body.content_type,
          required: tool.body.required,
          description: tool.body.description,
          schema: { value: tool.body.schema ?? {} },
        }
      : { ...emptyBody(), ...(hasFields ? { kind: 'fields' } : {}) },
    annotations: tool.annotations ?? {},
    projection: projectionText(tool.projection),
    output_schema: { value: tool.output_schema },
    $defs: { value: tool.$defs },
    operation: tool.operation,
  }
}

function draftOfParameter(parameter: RestTool['parameters'][number]): ParameterDraft {
  const { schema, constant } = parameter
  const type = typeOfSchema(schema)
  const { default: fallback, ...rest } = typeof schema === 'boolean' ? {} : schema
  return emptyParameter({
    name: parameter.name,
    argument: parameter.argument ?? '',
    in: parameter.in,
    required: parameter.required,
    description: parameter.description,
    schema: { value: typeof schema === 'boolean' ? schema : rest },
    fallback: fallback === undefined ? undefined : textOfValue(fallback, type),
    constant: constant === undefined ? undefined : textOfValue(constant, type),
    style: parameter.style ?? '',
    explode: parameter.explode,
    allow_reserved: parameter.allow_reserved ?? false,
    content_type: parameter.content_type ?? '',
  })
}
