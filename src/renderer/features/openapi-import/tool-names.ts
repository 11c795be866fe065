import type { PreviewTool } from '../../../shared/contract/openapi.ts'
import { RestTool } from '../../../shared/contract/rest.ts'
import { numberedName } from '../rest/tool-list.ts'
import { nameOfTool, operationWords, type ToolEdits } from './chosen-tools.ts'

/**
 * What is wrong with the names of the tools that are chosen, by the name that the document gave: the rule, or another tool of
 * the same name. `taken`: tools that the integration has already.
 */
export function nameProblems(
  chosen: readonly PreviewTool[],
  edits: ToolEdits,
  taken: ReadonlySet<string>,
): ReadonlyMap<string, string> {
  const byName = new Map<string, PreviewTool[]>()
  for (const tool of chosen) {
    const name = nameOfTool(tool, edits)
    const same = byName.get(name)
    if (same) same.push(tool)
    else byName.set(name, [tool])
  }
  const problems = new Map<string, string>()
  for (const [name, tools] of byName) {
    for (const tool of tools) {
      const problem = ruleProblem(name) ?? clashProblem(name, tool, tools, taken)
      if (problem !== undefined) problems.set(tool.name, problem)
    }
  }
  return problems
}

/** A name that no tool has: `wanted`, or `wanted_2`, `wanted_3` … cut to what names may be long. */
export function freeToolName(wanted: string, taken: ReadonlySet<string>): string {
  return taken.has(wanted) ? numberedName(wanted, taken) : wanted
}

/** Other names for the tools whose own are taken in the integration that they are added to. */
export function editsForTaken(tools: readonly PreviewTool[], taken: ReadonlySet<string>): ToolEdits {
  const edits = new Map<string, { name: string }>()
  const all = new Set([...taken, ...tools.map(({ name }) => name)])
  for (const { name } of tools) {
    if (!taken.has(name)) continue
    const free = freeToolName(name, all)
    all.add(free)
    edits.set(name, { name: free })
  }
  return edits
}

/** Whether it is a name at all. */
export function ruleProblem(name: string): string | undefined {
  if (name === '') return 'Enter a name.'
  return RestTool.shape.name.safeParse(name).error?.issues[0]?.message
}

function clashProblem(
  name: string,
  tool: PreviewTool,
  same: readonly PreviewTool[],
  taken: ReadonlySet<string>,
): string | undefined {
  if (taken.has(name)) return `${name} is a tool of this integration already. Choose another name.`
  const other = same.find((one) => one !== tool)
  return other && `${name} is also the name of ${operationWords(other)}. Choose another name.`
}
