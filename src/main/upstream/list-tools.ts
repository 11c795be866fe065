import type { Conversation } from './conversation.ts'
import { ListBuilder } from './list-builder.ts'
import { ListRefused, readPages, type PageLimits } from './list-pages.ts'
import type { Opening } from './negotiate.ts'
import { ToolList, toolRules } from './tool-list.ts'

const METHOD_NOT_FOUND = -32601

export interface ToolListLimits extends PageLimits {
  /** Over HTTP a modern client must check `x-mcp-header`. */
  http: boolean
}

/** All pages of `tools/list`. Throws AppError, but for a server that has no tools. */
export async function listTools(
  conversation: Conversation,
  opening: Opening,
  { http, ...limits }: ToolListLimits,
): Promise<ToolList> {
  const builder = new ListBuilder(toolRules({ paramHeaders: http && opening.era === 'modern' }))
  try {
    return new ToolList(builder.build(await readPages(conversation, 'tools/list', builder, limits)))
  } catch (error) {
    if (!(error instanceof ListRefused)) throw error
    // It is asked although it did not declare any: some only forgot to.
    if (opening.capabilities.tools === undefined) return new ToolList(builder.build())
    if (error.code !== METHOD_NOT_FOUND || builder.length > 0) throw error.error
    return new ToolList(builder.build(['The server offers no tools.']))
  }
}
