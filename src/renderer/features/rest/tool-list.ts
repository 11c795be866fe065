import type { RestTool } from '../../../shared/contract/rest.ts'

const LONGEST_NAME = 64

/** A name for another of the same: the first of `name_2`, `name_3` … that is free. */
export function copyName(name: string, taken: ReadonlySet<string>): string {
  return numberedName(name.replace(/_\d+$/, ''), taken)
}

/** The first of `stem_2`, `stem_3` … that is free, cut to what names may be long. */
export function numberedName(stem: string, taken: ReadonlySet<string>): string {
  for (let number = 2; ; number += 1) {
    const end = `_${number}`
    const name = stem.slice(0, LONGEST_NAME - end.length) + end
    if (!taken.has(name)) return name
  }
}

/** The tools with one in the place of another, or behind all of them. Undefined: somebody else changed that one meanwhile. */
export function withTool(
  tools: readonly RestTool[],
  tool: RestTool,
  former: RestTool | undefined,
): RestTool[] | undefined {
  if (!former) return [...tools, tool]
  const index = tools.findIndex(({ name }) => name === former.name)
  const now = tools[index]
  return now && isSame(now, former) ? tools.with(index, tool) : undefined
}

function isSame(one: RestTool, other: RestTool): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
