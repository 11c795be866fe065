import type { RestParameter, RestTool } from '../../../../shared/contract/rest.ts'
import { placeholdersOf } from '../../request/request-path.ts'
import { reachableDefs } from '../../schema-walk.ts'
import { argumentName, BODY_ARGUMENT, isShown } from '../../tool-definition.ts'

const MAX_ARGUMENT_LENGTH = 64

/**
 * Makes a tool whole again that was put together of two: its path has the parameters that it names and no other, no two
 * arguments share a name, and its schemas find what they refer to. `mine` has the say where both have something.
 */
export function settleTool(merged: RestTool, mine: RestTool, next: RestTool): RestTool {
  const parameters = withOwnArguments(withPathParameters(merged, mine, next), merged, mine)
  return withNeededDefs({ ...merged, parameters }, mine, next)
}

function withPathParameters({ path, parameters }: RestTool, mine: RestTool, next: RestTool): RestParameter[] {
  const wanted = new Set(placeholdersOf(path))
  const isPathParameter = (parameter: RestParameter) => parameter.in === 'path'
  const kept = parameters.filter((parameter) => !isPathParameter(parameter) || wanted.has(parameter.name))
  const missing = [...wanted].filter((name) => !kept.some((one) => isPathParameter(one) && one.name === name))
  const known = [...mine.parameters, ...next.parameters].filter(isPathParameter)
  const found = missing.map((name) => known.find((one) => one.name === name) ?? undeclared(name))
  return [...found, ...kept]
}

function undeclared(name: string): RestParameter {
  return { name, in: 'path', required: true, description: '', schema: { type: 'string' } }
}

/** Agents know the arguments of `mine`; those that came later take other names where they have to. */
function withOwnArguments(parameters: readonly RestParameter[], { body }: RestTool, mine: RestTool): RestParameter[] {
  const isOld = ({ in: place, name }: RestParameter) =>
    mine.parameters.some((one) => one.in === place && one.name === name)
  const taken = new Set<string>(body?.schema === undefined ? [] : [BODY_ARGUMENT])
  const names = new Map<RestParameter, string>()
  const oldFirst = [...parameters.filter(isOld), ...parameters.filter((parameter) => !isOld(parameter))]
  for (const parameter of oldFirst) {
    if (!isShown(parameter)) continue
    const argument = freeArgument(argumentName(parameter), taken)
    taken.add(argument)
    names.set(parameter, argument)
  }
  return parameters.map((parameter) => {
    const argument = names.get(parameter)
    if (argument === undefined || argument === argumentName(parameter)) return parameter
    return { ...parameter, argument }
  })
}

function freeArgument(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const ending = number === 1 ? '' : `_${number}`
    const candidate = name.slice(0, MAX_ARGUMENT_LENGTH - ending.length) + ending
    if (!taken.has(number === 1 ? name : candidate)) return number === 1 ? name : candidate
  }
}

function withNeededDefs({ $defs, ...tool }: RestTool, mine: RestTool, next: RestTool): RestTool {
  const schemas = [...tool.parameters.map(({ schema }) => schema), tool.body?.schema, tool.output_schema]
  const needed = reachableDefs(schemas, { ...next.$defs, ...mine.$defs, ...$defs })
  return Object.keys(needed).length === 0 ? tool : { ...tool, $defs: needed as NonNullable<RestTool['$defs']> }
}
