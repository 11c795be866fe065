import { AppError } from '../base/app-error.ts'
import type { Conversation } from './conversation.ts'
import { asRecord, type Opening } from './negotiate.ts'
import { ToolListBuilder, type ToolList } from './tool-list.ts'

const MAX_PAGES = 1_000
/** Twenty thousand well described tools fit in; all of them are kept in memory, parsed and as text. */
const MAX_BYTES = 24 * 1024 * 1024
const METHOD_NOT_FOUND = -32601

export interface ListLimits {
  timeoutMs: number
  signal: AbortSignal
  /** Over HTTP a modern client must check `x-mcp-header`. */
  http: boolean
}

/** All pages of `tools/list`. A list that does not end is cut with a warning rather than followed for ever. */
export async function listTools(conversation: Conversation, opening: Opening, limits: ListLimits): Promise<ToolList> {
  const builder = new ToolListBuilder({ paramHeaders: limits.http && opening.era === 'modern' })
  const cursors = new Set<string>()
  const warnings: string[] = []
  let params = '{}'
  let size = 0
  for (let page = 1; ; page++) {
    const { kind, bytes, value } = await conversation.request(
      { method: 'tools/list', params: Buffer.from(params), signal: limits.signal },
      { timeoutMs: limits.timeoutMs },
    )
    const result = asRecord(value)
    if (kind === 'error') {
      if (result.code === METHOD_NOT_FOUND && page === 1) return builder.build(['The server offers no tools.'])
      throw conversation.refused('tools/list', result)
    }
    if (!builder.addPage(bytes, value)) {
      throw new AppError('upstream_invalid', { message: 'The answer to tools/list has no list of tools.' })
    }
    size += bytes.length
    const cursor = result.nextCursor
    if (typeof cursor !== 'string') break
    if (cursors.has(cursor)) {
      warnings.push('The list of tools was cut: the server gave the same cursor twice.')
      break
    }
    if (page === MAX_PAGES || size > MAX_BYTES) {
      const length = page === MAX_PAGES ? `${MAX_PAGES} pages` : `${MAX_BYTES / 1024 / 1024} MiB`
      warnings.push(`The list of tools was cut after ${length}.`)
      break
    }
    cursors.add(cursor)
    params = JSON.stringify({ cursor })
  }
  return builder.build(warnings)
}
