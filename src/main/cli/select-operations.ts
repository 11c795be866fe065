import type { PreviewTool } from '../../shared/contract/openapi.ts'
import { compileToolFilter } from '../../shared/tool-filter.ts'
import { UsageError } from './usage-error.ts'

/** What `--select` is without it: what only reads. */
const READING = 'read'

/**
 * The operations that one of `wanted` stands for: `all`, `read`, `tag:NAME`, a name, or a pattern of names with `*`. One that
 * stands for none is a mistake, and says what there is.
 */
export function selectOperations(tools: readonly PreviewTool[], wanted: readonly string[] = [READING]): PreviewTool[] {
  const selected = new Set<PreviewTool>()
  for (const what of wanted) {
    const found = tools.filter(selectorOf(what))
    // A document without any reading operation is no mistake of whoever asks for them.
    if (found.length === 0 && what !== READING && what !== 'all') throw new UsageError(nothingWords(what, tools))
    for (const tool of found) selected.add(tool)
  }
  return tools.filter((tool) => selected.has(tool))
}

function selectorOf(what: string): (tool: PreviewTool) => boolean {
  if (what === 'all') return () => true
  if (what === READING) return (tool) => tool.reads
  if (what.startsWith('tag:')) {
    const tag = what.slice('tag:'.length).toLowerCase()
    return (tool) => tagsOf(tool).some((name) => name.toLowerCase() === tag)
  }
  const filter = compileToolFilter([what], [])
  return (tool) => filter.stateOf(tool.name) === 'allowed'
}

export function tagsOf(tool: PreviewTool): string[] {
  return tool.operation?.tags ?? []
}

function nothingWords(what: string, tools: readonly PreviewTool[]): string {
  if (!what.startsWith('tag:')) return `--select ${what} matches no operation. See their names with --preview.`
  const tags = [...new Set(tools.flatMap(tagsOf))]
  if (tags.length === 0) return `--select ${what} matches nothing: the operations of this document have no tags.`
  const shown = tags.slice(0, 20).join(', ')
  return `--select ${what} matches no operation. Tags are: ${shown}${tags.length > 20 ? ' …' : ''}.`
}
