import type { PreviewServer, PreviewTool } from '../../../../shared/contract/openapi.ts'
import type { JsonSchema, RestParameter, RestTool } from '../../../../shared/contract/rest.ts'
import { isObject } from '../../../base/is-object.ts'
import { answerSchema } from '../schemas/answer-schema.ts'
import { withArguments } from './argument-names.ts'
import { cleanText, cutText } from './clean-text.ts'
import { requestBodyOf } from './openapi-body.ts'
import { type GivenOperation, type GivenParameter, parametersOf } from './operation-parameters.ts'
import { toolPath } from './path-template.ts'
import { child, textAt } from './place.ts'
import { previewOf } from './preview-tool.ts'
import { queryStringParameters } from './query-string.ts'
import type { References } from './references.ts'
import { restParameter, withoutDescription } from './rest-parameter.ts'
import type { SchemaConverter } from '../schemas/schema-converter.ts'
import type { Dialect } from '../schemas/schema-keywords.ts'
import { listedServers, placeOfServer } from './servers.ts'
import { shortened, type Tiers } from '../schemas/shorter-schemas.ts'
import { swaggerBodyOf } from './swagger-body.ts'
import { toolBody } from './tool-body.ts'
import type { ToolSchemas } from '../schemas/tool-schemas.ts'

/** Of a tool's description; agents read it with every list of tools. */
const MAX_DESCRIPTION = 1024
const MAX_TITLE = 120
const REQUEST_TIERS: Tiers = [
  [48 * 1024, 250],
  [80_000, 80],
  [88_000, 40],
  [92_000, 0],
]

/** What the operations of one document have in common. */
export interface Mapping {
  references: References
  dialect: Dialect
  converter: SchemaConverter
  requests: ToolSchemas
  answers: ToolSchemas
  /** Of the API. */
  baseUrl: string
}

/** One operation as the tool that it would be; its warnings are told to `references`. Null: it can't be one. */
export function mapOperation(mapping: Mapping, operation: GivenOperation, name: string): PreviewTool | null {
  const { references, converter, requests } = mapping
  const warn = (message: string) => references.warnings.add(operation.place, message, operation.label)
  const given = parametersOf(references, operation)
  const path = toolPath(operation.path, given.filter(isPlain))
  if (path === null) {
    warn(`${operation.label} has a path that no URL can have; it is left out.`)
    return null
  }
  const parameters = [...plainParameters(mapping, operation, given, path.names)]
  const body =
    mapping.dialect === '2.0'
      ? swaggerBodyOf(references, converter, operation, given)
      : requestBodyOf(references, converter, operation)
  const { body: wholeBody = null, fields = [] } = body ? toolBody(body, converter, parameters) : {}
  const all = withArguments([...parameters, ...fields], wholeBody?.schema !== undefined)
  const whole = wholeBody?.schema
  const small = requests.of([...all.map(({ schema }) => schema), ...(whole === undefined ? [] : [whole])])
  const { schemas, $defs } = shortened(small, REQUEST_TIERS)
  const output = answerSchema(references, converter, mapping.answers, mapping.dialect, operation)
  const place = serverPlace(mapping, operation)
  const tool: RestTool = {
    name,
    ...textsOf(operation),
    method: operation.method,
    path: place.prefix + path.path,
    ...(place.base_url !== undefined && { base_url: place.base_url }),
    parameters: all.map((parameter, index) => said(parameter, schemas[index])),
    body: wholeBody && (whole === undefined ? wholeBody : said(wholeBody, schemas[all.length])),
    ...(Object.keys($defs).length > 0 && { $defs }),
    ...(output && { output_schema: output }),
    operation: factsOf(operation),
  }
  return previewOf(tool)
}

/** With its schema, and what that says of itself in the one place for descriptions. */
function said<Thing extends { description: string }>(
  thing: Thing,
  schema: JsonSchema = {},
): Thing & { schema: JsonSchema } {
  const { schema: bare, description } = withoutDescription(schema)
  return { ...thing, description: thing.description === '' ? description : thing.description, schema: bare }
}

type PlainParameter = GivenParameter & { in: 'path' | 'query' | 'header' | 'cookie' }

function isPlain(parameter: GivenParameter): parameter is PlainParameter {
  return ['path', 'query', 'header', 'cookie'].includes(parameter.in)
}

/** The parameters outside of the body. Those of the path are exactly those in its template. */
function plainParameters(
  { references, converter, dialect }: Mapping,
  operation: GivenOperation,
  given: readonly GivenParameter[],
  names: readonly string[],
): RestParameter[] {
  const { warnings } = references
  const parameters: RestParameter[] = []
  for (const parameter of given) {
    if (parameter.in === 'querystring') {
      parameters.push(...queryStringParameters(references, converter, operation, parameter.place))
      continue
    }
    if (!isPlain(parameter)) {
      const isSwagger = dialect === '2.0'
      if (isSwagger) continue
      const message = `Parameter ${parameter.name} is in ${parameter.in}, which only Swagger 2.0 has; it is left out.`
      warnings.add(parameter.place, message, operation.label)
      continue
    }
    if (parameter.in === 'path' && !names.includes(parameter.name)) {
      const message = `The path has no {${parameter.name}}, so the parameter ${parameter.name} is left out.`
      warnings.add(parameter.place, message, operation.label)
      continue
    }
    parameters.push(restParameter(references, converter, dialect, operation, parameter))
  }
  const declared = new Set(parameters.filter((one) => one.in === 'path').map(({ name }) => name))
  const missing = names.filter((name) => !declared.has(name))
  for (const name of missing) {
    const message = `The path has {${name}}, but no parameter of that name is declared; it is taken as a required string.`
    warnings.add(operation.place, message, operation.label)
  }
  const added = missing.map((name) => ({
    name,
    in: 'path' as const,
    required: true,
    description: '',
    schema: { type: 'string' } satisfies JsonSchema,
  }))
  return [...added, ...parameters]
}

function serverPlace(
  { references, baseUrl }: Mapping,
  operation: GivenOperation,
): { prefix: string; base_url?: string } {
  const [own] = listedServers(references, operation.place, operation.label)
  const server: PreviewServer | undefined = own ?? listedServers(references, operation.pathItem, operation.label)[0]
  return server === undefined ? { prefix: '' } : placeOfServer(baseUrl, server)
}

function textsOf({ place, method, path }: GivenOperation): Pick<RestTool, 'title' | 'description'> {
  const summary = cleanText(place.value.summary, MAX_DESCRIPTION)
  const description = cleanText(place.value.description, MAX_DESCRIPTION)
  const title = cutText(summary.replace(/\s+/g, ' ').replace(/\.$/, ''), MAX_TITLE)
  const deprecated = place.value.deprecated === true ? 'Deprecated. ' : ''
  const text = description || summary || `${method} ${path}`
  return { ...(title !== '' && { title }), description: deprecated + text }
}

function factsOf({ place, method, path }: GivenOperation): NonNullable<RestTool['operation']> {
  const id = textAt(place, 'operationId')
  const { value } = child(place, 'tags')
  const tags = Array.isArray(value) ? value : []
  return {
    path,
    method,
    ...(id !== undefined && id !== '' && { id: id.slice(0, 1024) }),
    tags: tags
      .filter((tag) => typeof tag === 'string' || typeof tag === 'number')
      .slice(0, 100)
      .map((tag) => String(tag).slice(0, 256)),
    deprecated: isObject(place.value) && place.value.deprecated === true,
  }
}
