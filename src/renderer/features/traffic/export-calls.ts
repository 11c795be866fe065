import type { Call, CallFilter } from '../../../shared/contract/calls.ts'
import type { Client } from '../../client.ts'

const PAGE = 1_000
/** The core keeps no more; a log that grows meanwhile must not make this endless. */
const MAX_CALLS = 50_000

/** Every call that matches as JSON lines, newest first: what the log has, not only what the screen holds. */
export async function exportCalls(
  client: Pick<Client, 'calls'>,
  filter: CallFilter,
  signal: AbortSignal,
): Promise<Blob> {
  const lines: string[] = []
  let count = 0
  let cursor: string | null | undefined
  do {
    const wanted = { ...filter, limit: PAGE, ...(cursor ? { cursor } : {}) }
    const page: { items: Call[]; next_cursor: string | null } = await client.calls.list(wanted, { signal })
    lines.push(page.items.map((call) => `${JSON.stringify(call)}\n`).join(''))
    count += page.items.length
    cursor = page.next_cursor
  } while (cursor !== null && count < MAX_CALLS)
  return new Blob(lines, { type: 'application/x-ndjson' })
}

/** `gatehouse-calls-2026-11-24T14-02-11.jsonl`: names sort by time, and no system refuses one. */
export function exportName(now: Date): string {
  return `gatehouse-calls-${now.toISOString().slice(0, 19).replaceAll(':', '-')}.jsonl`
}

/** Hands a file to the person: a browser puts it into its downloads, the window asks where to. */
export function saveFile(content: Blob, name: string): void {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The download has its own hold on the content once it has begun.
  setTimeout(() => URL.revokeObjectURL(address), 60_000)
}
