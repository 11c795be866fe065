import type { RestTool } from '../../shared/contract/rest.ts'
import { placeholdersOf } from './request/request-path.ts'
import { argumentName, BODY_ARGUMENT, isShown } from './tool-definition.ts'
import type { Problem } from './arguments/unfit-arguments.ts'

/** What is wrong with a tool in itself, so that no arguments would make a right request. */
export function toolProblems({ path, parameters, body }: RestTool): Problem[] {
  const problems: Problem[] = []
  const placed = new Set(placeholdersOf(path))
  const described = new Set<string>()
  const names = new Set(body?.schema === undefined ? [] : [BODY_ARGUMENT])
  for (const [index, parameter] of parameters.entries()) {
    const { name } = parameter
    const where = `parameters.${index}`
    if (parameter.in === 'path') described.add(name)
    if (parameter.in === 'path' && !placed.has(name)) {
      problems.push({ path: `${where}.name`, message: `The path has no {${name}}.` })
    }
    if (parameter.in === 'body' && body?.schema !== undefined) {
      const message = 'The body is one value already. Take its schema away, or put this elsewhere.'
      problems.push({ path: `${where}.in`, message })
    }
    if (!isShown(parameter)) continue
    const argument = argumentName(parameter)
    const field = parameter.argument === undefined ? 'name' : 'argument'
    if (!/^[a-zA-Z0-9_.-]{1,64}$/.test(argument)) {
      const message = `Agents can not call an argument ${JSON.stringify(argument)}. Give it a name of its own for them: 1 to 64 letters, digits, _, . or -.`
      problems.push({ path: `${where}.argument`, message })
    } else if (names.has(argument)) {
      problems.push({ path: `${where}.${field}`, message: `Another argument is called ${argument}.` })
    }
    names.add(argument)
  }
  for (const name of placed) {
    if (!described.has(name)) problems.push({ path: 'path', message: `{${name}} has no path parameter. Add one.` })
  }
  return problems
}
