import { AppError } from '../base/app-error.ts'
import type { Conversation } from './conversation.ts'
import type { ListBuilder } from './list-builder.ts'
import type { ListedItem } from './listed-item.ts'
import { asRecord } from './negotiate.ts'
import { isTooLong } from './request-errors.ts'

const MAX_PAGES = 1_000
/**
 * Of all pages of one list, as text. Measured with 100,000 tools of 500 bytes (`test/measure/list-memory.ts`): 48 MiB of
 * text and 11 MiB beside it are kept, and at most 140 MiB more than before are taken while it is read.
 */
const MAX_BYTES = 64 * 1024 * 1024
/** Each costs something beside its text. */
const MAX_ITEMS = 200_000

export interface PageLimits {
  /** For each page. */
  timeoutMs: number
  signal: AbortSignal
}

/** The server answered a list with a JSON-RPC error: it will do so again. */
export class ListRefused extends Error {
  override readonly name = 'ListRefused'
  readonly code: unknown
  /** For a person. */
  readonly error: AppError

  constructor(code: unknown, error: AppError) {
    super(error.message)
    this.code = code
    this.error = error
  }
}

/**
 * Adds all pages of a list to the builder. A list that does not end, or is too large, is cut with a warning rather than
 * followed for ever. Returns the warnings; throws ListRefused, or AppError.
 */
export async function readPages<Item extends ListedItem>(
  conversation: Conversation,
  method: string,
  builder: ListBuilder<Item>,
  { timeoutMs, signal }: PageLimits,
): Promise<string[]> {
  const { noun } = builder.rules
  const cut = (why: string) => [`The list of ${noun}s was cut ${why}.`]
  const cursors = new Set<string>()
  let params = '{}'
  let size = 0
  for (let page = 1; ; page++) {
    let answer
    try {
      answer = await conversation.request({ method, params: Buffer.from(params), signal }, { timeoutMs })
    } catch (error) {
      if (isTooLong(error)) return cut(`before page ${page}, which is longer than a message may be`)
      throw error
    }
    const { kind, bytes, value } = answer
    const result = asRecord(value)
    if (kind === 'error') throw new ListRefused(result.code, conversation.refused(method, result))
    if (!builder.addPage(bytes, value)) {
      throw new AppError('upstream_invalid', { message: `The answer to ${method} has no list of ${noun}s.` })
    }
    size += bytes.length
    const cursor = result.nextCursor
    if (typeof cursor !== 'string') return []
    if (cursors.has(cursor)) return [`The list of ${noun}s was cut: the server gave the same cursor twice.`]
    if (page === MAX_PAGES) return cut(`after ${MAX_PAGES} pages`)
    if (size > MAX_BYTES) return cut(`after ${MAX_BYTES / 1024 / 1024} MiB`)
    if (builder.length > MAX_ITEMS) return cut(`after ${builder.length} ${noun}s`)
    cursors.add(cursor)
    params = JSON.stringify({ cursor })
  }
}
