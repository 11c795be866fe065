import type { RestParameter, RestTool } from '../../../shared/contract/rest.ts'
import { isObject } from '../../base/is-object.ts'
import { ExactNumber, writeJson } from '../exact-numbers.ts'
import { fileOf, filenameFor } from './file-argument.ts'
import { bodyKind, essenceOf, mediaParameter } from '../media-type.ts'
import { multipart, type Part } from './multipart.ts'
import { definitionName } from '../schema-walk.ts'
import { formEncoded } from './percent-encoding.ts'
import { formPairs, pairName, scalarText } from './serialisation.ts'
import { argumentName, BODY_ARGUMENT } from '../tool-definition.ts'
import { unfit } from '../arguments/unfit-arguments.ts'

export interface RequestBody {
  contentType: string
  bytes: Buffer
}

/** A field of a body with the value that it gets. */
export type BodyField = readonly [
  field: Pick<
    RestParameter,
    'name' | 'argument' | 'schema' | 'style' | 'explode' | 'allow_reserved' | 'content_type' | 'constant'
  >,
  value: unknown,
]

const OCTETS = 'application/octet-stream'

/** The body of a request; undefined: it has none. `fields`: what goes into a body that is made of parameters. */
export function requestBody(tool: RestTool, fields: readonly BodyField[], whole: unknown): RequestBody | undefined {
  const { body } = tool
  if (body === null) {
    // Fields without a body's type: JSON is what nearly every API takes.
    return fields.length === 0 ? undefined : json('application/json', record(fields))
  }
  const isWhole = body.schema !== undefined
  if (isWhole && whole === undefined) return undefined
  if (!isWhole && fields.length === 0 && !body.required) return undefined
  const { content_type } = body
  const kind = bodyKind(content_type)
  const value = isWhole ? whole : record(fields)
  if (kind === 'json') return json(content_type, value)
  if (kind === 'lines' && Array.isArray(value)) {
    return text(content_type, value.map((line: unknown) => `${writeJson(line)}\n`).join(''))
  }
  if (kind === 'form' || kind === 'multipart') {
    const all = isWhole ? fieldsOf(tool, value) : fields
    return kind === 'form'
      ? form(content_type, all)
      : multipart(
          content_type,
          all.flatMap((field) => partsOf(tool, field)),
        )
  }
  if (kind === 'binary' && isWhole) return binary(content_type, value)
  return text(content_type, scalarText(value))
}

function json(contentType: string, value: unknown): RequestBody {
  const type = contentType.includes('*') ? 'application/json' : contentType
  return { contentType: type, bytes: Buffer.from(writeJson(value)) }
}

function form(contentType: string, fields: readonly BodyField[]): RequestBody {
  const isConstant = ({ constant }: BodyField[0]) => constant !== undefined
  const constants = new Set(fields.filter(([field]) => isConstant(field)).map(([{ name }]) => formEncoded(name)))
  // Properties of an object may be fields of their own, and none takes the place of what the agent can not choose.
  const pairs = fields.flatMap(([field, value]) =>
    formPairs(field, value).filter((pair) => isConstant(field) || !constants.has(pairName(pair))),
  )
  return { contentType, bytes: Buffer.from(pairs.join('&')) }
}

function text(contentType: string, value: string): RequestBody {
  const isPlain = contentType.startsWith('text/') && mediaParameter(contentType, 'charset') === undefined
  return { contentType: isPlain ? `${contentType}; charset=utf-8` : contentType, bytes: Buffer.from(value) }
}

function binary(contentType: string, value: unknown): RequestBody {
  const { bytes, contentType: told } = fileOf(BODY_ARGUMENT, value)
  return { contentType: typeOfFile(contentType, told), bytes }
}

/** Of a type with a wildcard, or of several, the file says which it is. */
function typeOfFile(accepted: string | undefined, told: string | undefined): string {
  const types = (accepted ?? '').split(',').map((type) => type.trim())
  const fits = (type: string) => told !== undefined && essenceOf(told).startsWith(essenceOf(type).replace(/\*.*$/, ''))
  if (told !== undefined && (accepted === undefined || types.some(fits))) return told
  return types.find((type) => type !== '' && !type.includes('*')) ?? told ?? OCTETS
}

function record(fields: readonly BodyField[]): Record<string, unknown> {
  return Object.fromEntries(fields.map(([{ name }, value]) => [name, value]))
}

/** The fields of a form that is one argument. */
function fieldsOf(tool: RestTool, value: unknown): BodyField[] {
  if (!isObject(value)) throw unfit(BODY_ARGUMENT, 'must be an object: its properties are the fields of the form.')
  const schema = resolved(tool, tool.body?.schema)
  const properties = isObject(schema.properties) ? schema.properties : {}
  return Object.entries(value).map(([name, item]) => [
    { name, argument: `${BODY_ARGUMENT}.${name}`, schema: resolved(tool, properties[name]) },
    item,
  ])
}

/** Each item of a list is a part of its own (OpenAPI 3.2, 4.15.1); objects are JSON, strings with bytes in them are files. */
function partsOf(tool: RestTool, [field, value]: BodyField): Part[] {
  if (value === undefined || value === null) return []
  const schema = resolved(tool, field.schema)
  const { name, content_type } = field
  const path = argumentName(field)
  if (Array.isArray(value) && (content_type === undefined || bodyKind(content_type) !== 'json')) {
    return value.flatMap((item: unknown, index) =>
      item === null ? [] : [partOf(name, `${path}[${index}]`, item, resolved(tool, schema.items), content_type)],
    )
  }
  return [partOf(name, path, value, schema, content_type)]
}

function partOf(
  name: string,
  path: string,
  value: unknown,
  schema: Record<string, unknown>,
  accepted: string | undefined,
): Part {
  const kind = accepted === undefined ? undefined : bodyKind(accepted)
  if (isFile(schema) || (kind === 'binary' && typeof value === 'string')) {
    const { bytes, contentType, filename } = fileOf(path, value)
    const type = typeOfFile(accepted ?? mediaOf(schema), contentType)
    return { name, bytes, contentType: type, filename: filename ?? filenameFor(name, type) }
  }
  if (kind === 'json') return { name, bytes: Buffer.from(writeJson(value)), contentType: accepted }
  const isStructure = typeof value === 'object' && !(value instanceof ExactNumber)
  const contentType = accepted ?? (isStructure ? 'application/json' : undefined)
  return { name, bytes: Buffer.from(scalarText(value)), contentType }
}

/** Whether a string of this schema stands for bytes: `format: binary` (2.0, 3.0), or an encoding or a type (3.1). */
function isFile(schema: Record<string, unknown>): boolean {
  const { format, contentEncoding } = schema
  const type = mediaOf(schema)
  return format === 'binary' || contentEncoding === 'base64' || (type !== undefined && bodyKind(type) === 'binary')
}

function mediaOf({ contentMediaType }: Record<string, unknown>): string | undefined {
  return typeof contentMediaType === 'string' ? contentMediaType : undefined
}

/** The schema behind references, as far as they go. */
function resolved(tool: RestTool, schema: unknown, depth = 0): Record<string, unknown> {
  if (!isObject(schema)) return {}
  const name = definitionName(schema.$ref)
  if (name === undefined || depth > 16) return schema
  return { ...resolved(tool, tool.$defs?.[name], depth + 1), ...schema }
}
