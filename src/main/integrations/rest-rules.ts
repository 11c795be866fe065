import type { ErrorDetail } from '../../shared/contract/errors.ts'
import type { RestTool } from '../../shared/contract/rest.ts'
import { toolProblems } from '../rest/tool-problems.ts'

/** More of them help nobody, and an import may be thousands of tools. */
const MOST_PROBLEMS = 100
/** Methods whose body means nothing (RFC 9110, 9.3.1 and 9.3.2); servers drop it, or refuse the request. */
const BODILESS = new Set(['GET', 'HEAD'])

/**
 * What is wrong with the tools of a REST API, beyond what each field says itself: all of it at once, each with its place and
 * with the tool's name, because nobody counts to the 318th.
 */
export function restToolProblems(tools: readonly RestTool[]): ErrorDetail[] {
  const problems: ErrorDetail[] = []
  const names = new Map<string, number>()
  for (const [index, tool] of tools.entries()) {
    const first = names.get(tool.name)
    const found = [
      ...(first === undefined
        ? []
        : [{ path: 'name', message: `Tool ${first + 1} of the list has this name too. Rename one.` }]),
      ...bodyProblems(tool),
      ...toolProblems(tool),
    ]
    names.set(tool.name, first ?? index)
    problems.push(
      ...found.map(({ path, message }) => ({
        path: `rest.tools.${index}.${path}`,
        message: `${tool.name}: ${message}`,
      })),
    )
    if (problems.length >= MOST_PROBLEMS) break
  }
  return problems.slice(0, MOST_PROBLEMS)
}

function bodyProblems({ method, body, parameters }: RestTool): ErrorDetail[] {
  if (!BODILESS.has(method)) return []
  const message = `A ${method} request has no body. Send it in the query, or choose another method.`
  if (body !== null) return [{ path: 'body', message }]
  const index = parameters.findIndex((parameter) => parameter.in === 'body')
  return index === -1 ? [] : [{ path: `parameters.${index}.in`, message }]
}
