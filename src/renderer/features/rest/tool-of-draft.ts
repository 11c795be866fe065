import { type JsonSchema, RestTool } from '../../../shared/contract/rest.ts'
import { placeholdersOf } from './path-parameters.ts'
import { projectionOfText } from './projection-text.ts'
import { typeOfSchema, valueOfText } from './schema-types.ts'
import type { ParameterDraft, ToolDraft } from './tool-draft.ts'

/** Something wrong with one field: `name`, `parameters.2.schema`, `body.schema`. */
export interface ToolProblem {
  field: string
  message: string
}

export interface DraftedTool {
  /** Undefined while there are problems. */
  tool: RestTool | undefined
  problems: readonly ToolProblem[]
}

const NOT_JSON = 'This is not JSON yet.'

/** The tool that a draft is, or what is wrong with it, by the contract's own schema and by what it cannot express. */
export function toolOfDraft(draft: ToolDraft, taken: ReadonlySet<string>): DraftedTool {
  const problems: ToolProblem[] = []
  const parameters = draft.parameters.map((row, index) => parameterOf(row, `parameters.${index}`, problems))
  const projection = projectionOfText(draft.projection)
  if ('problem' in projection) problems.push({ field: 'projection', message: projection.problem })
  for (const field of ['output_schema', '$defs'] as const) {
    if (draft[field].text !== undefined) problems.push({ field, message: NOT_JSON })
  }
  const input = {
    name: draft.name.trim(),
    ...(draft.title.trim() ? { title: draft.title.trim() } : {}),
    description: draft.description,
    method: draft.method.trim().toUpperCase(),
    path: draft.path.trim(),
    ...(draft.base_url.trim() ? { base_url: draft.base_url.trim() } : {}),
    parameters,
    body: bodyOf(draft, problems),
    ...(draft.$defs.value ? { $defs: draft.$defs.value } : {}),
    ...(draft.output_schema.value ? { output_schema: draft.output_schema.value } : {}),
    ...(Object.keys(draft.annotations).length > 0 ? { annotations: draft.annotations } : {}),
    ...('value' in projection && projection.value !== undefined ? { projection: projection.value } : {}),
    ...(draft.operation ? { operation: draft.operation } : {}),
  }
  const parsed = RestTool.safeParse(input)
  if (!parsed.success) {
    problems.push(...parsed.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })))
  }
  if (input.name === '') replaceProblem(problems, 'name', 'Enter a name.')
  if (input.path === '') replaceProblem(problems, 'path', 'Enter a path, for example /invoices/{id}.')
  if (taken.has(input.name)) problems.push({ field: 'name', message: `${input.name} is already a tool of this API.` })
  problems.push(...missingPlaces(draft), ...twice(draft))
  const [first] = problems
  return { tool: parsed.success && first === undefined ? parsed.data : undefined, problems: oneEach(problems) }
}

/** What an agent calls it: its own name where model APIs take it, else the nearest that they do. */
export function argumentOf({ argument, name }: Pick<ParameterDraft, 'argument' | 'name'>): string {
  if (argument.trim() !== '') return argument.trim()
  return name
    .trim()
    .replace(/[^a-zA-Z0-9_.-]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 64)
}

function parameterOf(row: ParameterDraft, field: string, problems: ToolProblem[]) {
  const name = row.name.trim()
  const argument = argumentOf(row)
  if (row.schema.text !== undefined) problems.push({ field: `${field}.schema`, message: NOT_JSON })
  const type = typeOfSchema(row.schema.value)
  const read = (text: string | undefined, of: 'default' | 'constant'): { value: unknown } | undefined => {
    if (text === undefined) return undefined
    const value = valueOfText(text, type)
    if ('value' in value) return value
    problems.push({ field: `${field}.${of}`, message: value.problem })
    return undefined
  }
  const isConstant = row.constant !== undefined
  const fallback = isConstant ? undefined : read(row.fallback, 'default')
  const constant = read(row.constant, 'constant')
  return {
    name,
    ...(argument === name ? {} : { argument }),
    in: row.in,
    required: row.required || row.in === 'path',
    description: row.description,
    schema: withDefault(row.schema.value, fallback),
    ...(row.style === '' ? {} : { style: row.style }),
    ...(row.explode === undefined ? {} : { explode: row.explode }),
    ...(row.allow_reserved ? { allow_reserved: true } : {}),
    ...(row.content_type.trim() ? { content_type: row.content_type.trim() } : {}),
    ...(constant ? { constant: constant.value } : {}),
  }
}

function withDefault(schema: JsonSchema, fallback: { value: unknown } | undefined): JsonSchema {
  if (!fallback) return schema
  return { ...(typeof schema === 'boolean' ? {} : schema), default: fallback.value }
}

function bodyOf({ body }: ToolDraft, problems: ToolProblem[]) {
  if (body.kind === 'none') return null
  if (body.content_type.trim() === '') problems.push({ field: 'body.content_type', message: 'Enter a content type.' })
  if (body.kind === 'value' && body.schema.text !== undefined) {
    problems.push({ field: 'body.schema', message: NOT_JSON })
  }
  return {
    content_type: body.content_type.trim() || 'application/json',
    required: body.required,
    description: body.description,
    ...(body.kind === 'value' ? { schema: body.schema.value } : {}),
  }
}

/** Rows for which the path has no place. */
function missingPlaces({ path, parameters, body }: ToolDraft): ToolProblem[] {
  const places = placeholdersOf(path)
  const lost = places.find((place) => !parameters.some((row) => row.in === 'path' && row.name.trim() === place))
  const inPath = lost === undefined ? [] : [{ field: 'path', message: `{${lost}} has no parameter.` }]
  const inBody = body.kind === 'value' ? parameters.findIndex((row) => row.in === 'body') : -1
  const message = 'The body is one value already. Choose Fields for it, or put this elsewhere.'
  const besideBody = inBody < 0 ? [] : [{ field: `parameters.${inBody}.name`, message }]
  const noPlace = parameters.flatMap(({ in: place, name }, index) =>
    place === 'path' && name.trim() !== '' && !places.includes(name.trim())
      ? [{ field: `parameters.${index}.name`, message: `The path has no {${name.trim()}}.` }]
      : [],
  )
  return [...inPath, ...besideBody, ...noPlace]
}

/** What an agent could not tell apart, and what would be sent twice. */
function twice({ parameters, body }: ToolDraft): ToolProblem[] {
  const args = new Set(body.kind === 'value' ? ['body'] : [])
  const sent = new Set<string>()
  return parameters.flatMap((row, index): ToolProblem[] => {
    const name = row.name.trim()
    const place = `${row.in} ${row.in === 'header' ? name.toLowerCase() : name}`
    if (name === '') return []
    if (sent.has(place)) return [{ field: `parameters.${index}.name`, message: `${name} is listed twice.` }]
    sent.add(place)
    const argument = argumentOf(row)
    if (row.constant !== undefined) return []
    if (args.has(argument)) {
      const message = `${argument} is already an argument. Give this one another name for agents.`
      return [{ field: `parameters.${index}.argument`, message }]
    }
    args.add(argument)
    return []
  })
}

function replaceProblem(problems: ToolProblem[], field: string, message: string): void {
  const index = problems.findIndex((problem) => problem.field === field)
  problems.splice(index < 0 ? problems.length : index, index < 0 ? 0 : 1, { field, message })
}

/** The first of each field: a second one says nothing until that is mended. */
function oneEach(problems: readonly ToolProblem[]): ToolProblem[] {
  return [...new Map(problems.toReversed().map((problem) => [problem.field, problem])).values()].toReversed()
}
