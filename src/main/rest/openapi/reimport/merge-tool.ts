import { isDeepStrictEqual } from 'node:util'
import type { FieldChange } from '../../../../shared/contract/openapi.ts'
import type { RestParameter, RestTool } from '../../../../shared/contract/rest.ts'
import { settleTool } from './settle-tool.ts'
import { joinPath, mergeThreeWay } from './three-way.ts'

/** A tool as the former document made it (undefined: nobody knows), as it is now, and as the newer document makes it. */
export interface ToolSides {
  base: RestTool | undefined
  mine: RestTool
  next: RestTool
}

type KnownSides = ToolSides & { base: RestTool }

/** All but the name, by which agents and filters know the tool: no document changes that. */
const FIELDS = [
  'title',
  'description',
  'method',
  'path',
  'base_url',
  'output_schema',
  'annotations',
  'projection',
] as const

/** The tool with the changes of the document in it and edits by hand kept, and what those changes are. */
export function mergeTool({ base: known, mine, next }: ToolSides): { tool: RestTool; fields: FieldChange[] } {
  const sides = { base: known ?? withoutHandwork(mine, next), mine, next }
  const fields: FieldChange[] = []
  const merged: Record<string, unknown> = { name: mine.name }
  for (const field of FIELDS) {
    const value = mergeThreeWay({ base: sides.base[field], mine: mine[field], next: next[field] }, field, fields)
    if (value !== undefined) merged[field] = value
  }
  const body = mergeBody(sides, fields)
  const others = mergeParameters(sides, (parameter) => parameter.in !== 'body', fields)
  const [base, own, newer] = [sides.base, mine, next].map((tool) => tool.$defs ?? {})
  const $defs = mergeThreeWay({ base, mine: own, next: newer }, '$defs', fields)
  const tool = settleTool(
    {
      ...(merged as Pick<RestTool, 'name' | (typeof FIELDS)[number]>),
      parameters: inOrder([...others, ...body.parameters], next, mine),
      body: body.body,
      $defs: $defs as NonNullable<RestTool['$defs']>,
      ...(next.operation !== undefined && { operation: next.operation }),
    },
    mine,
    next,
  )
  return { tool, fields: fields.map((change) => (isStillNeeded(change, tool) ? { ...change, kept: true } : change)) }
}

/** Without a former document every difference is taken for a change of it, but for what no document says. */
function withoutHandwork(mine: RestTool, next: RestTool): RestTool {
  const parameters = mine.parameters.map((parameter) => {
    const { argument: _, constant: __, ...rest } = parameter
    const { argument, constant } = next.parameters.find((one) => isSame(one, parameter)) ?? {}
    return { ...rest, ...(argument !== undefined && { argument }), ...(constant !== undefined && { constant }) }
  })
  const { projection: _, ...rest } = mine
  return { ...rest, ...(next.projection !== undefined && { projection: next.projection }), parameters }
}

/** A body is one value or is made of fields, never both; so where that changes, one side has it all. */
function mergeBody(sides: KnownSides, fields: FieldChange[]): { body: RestTool['body']; parameters: RestParameter[] } {
  const { base, mine, next } = sides
  const isOfBody = (parameter: RestParameter) => parameter.in === 'body'
  const bodyOf = (tool: RestTool) => ({ body: tool.body, parameters: tool.parameters.filter(isOfBody) })
  if (formOf(mine) !== formOf(base)) {
    if (!isDeepStrictEqual(bodyOf(base), bodyOf(next)) && !isDeepStrictEqual(bodyOf(mine), bodyOf(next))) {
      fields.push({ path: 'body', before: JSON.stringify(mine.body), after: JSON.stringify(next.body), kept: true })
    }
    return bodyOf(mine)
  }
  const known = formOf(next) === formOf(base) ? sides : { ...sides, base: mine }
  const body = mergeThreeWay({ base: known.base.body, mine: mine.body, next: next.body }, 'body', fields)
  return { body: body as RestTool['body'], parameters: mergeParameters(known, isOfBody, fields) }
}

function formOf({ body }: RestTool): 'none' | 'value' | 'fields' {
  if (body === null) return 'none'
  return body.schema === undefined ? 'fields' : 'value'
}

function mergeParameters(
  { base, mine, next }: KnownSides,
  isWanted: (parameter: RestParameter) => boolean,
  fields: FieldChange[],
): RestParameter[] {
  const all = [...next.parameters, ...mine.parameters, ...base.parameters].filter(isWanted)
  const distinct = all.filter((one, index) => all.findIndex((other) => isSame(one, other)) === index)
  return distinct.flatMap((parameter) => {
    const of = ({ parameters }: RestTool) => parameters.find((one) => isSame(one, parameter))
    const isAmbiguous = distinct.some((one) => one.name === parameter.name && one.in !== parameter.in)
    const label = isAmbiguous ? `${parameter.name} (${parameter.in})` : parameter.name
    const sides = { base: of(base), mine: of(mine), next: of(next) }
    const merged = mergeThreeWay(sides, joinPath('parameters', label), fields)
    return merged === undefined ? [] : [merged as RestParameter]
  })
}

/** As the document has them; what it does not have comes last. */
function inOrder(parameters: readonly RestParameter[], next: RestTool, mine: RestTool): RestParameter[] {
  const order = [...next.parameters, ...mine.parameters]
  const place = (parameter: RestParameter) => order.findIndex((one) => isSame(one, parameter))
  return [...parameters].sort((one, other) => place(one) - place(other))
}

function isSame(one: RestParameter, other: RestParameter): boolean {
  return one.name === other.name && one.in === other.in
}

/** The document has it no more, and a schema that was edited by hand still refers to it. */
function isStillNeeded({ path, after }: FieldChange, { $defs = {} }: RestTool): boolean {
  return after === null && Object.keys($defs).some((name) => joinPath('$defs', name) === path)
}
