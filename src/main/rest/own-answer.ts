import { formatBytes } from './answer/answer-text.ts'
import { errorResult } from './answer/answer.ts'
import type { OwnToolResult } from '../upstream/own-tools.ts'
import type { SecretFilter } from '../upstream/secret-filter.ts'
import type { UpstreamAnswer } from '../upstream/upstream.ts'

/** The MCP result of a tool in code, without any of the secrets, and no longer than an answer of a REST API may be. */
export function ownAnswer(result: OwnToolResult, filter: SecretFilter, maxBytes: number): UpstreamAnswer {
  const text = filter.text('structured' in result ? JSON.stringify(result.structured) : result.text)
  const bytes = Buffer.byteLength(text)
  if (bytes > maxBytes) {
    const size = `${formatBytes(bytes)} long, and this integration passes on ${formatBytes(maxBytes)} at most`
    return errorResult(`The call has worked, but its answer is ${size}. Ask for less of it.`)
  }
  if ('text' in result && result.isError === true) return errorResult(text)
  const content = JSON.stringify([{ type: 'text', text }])
  const structured = 'structured' in result ? `,"structuredContent":${text}` : ''
  const json = `{"content":${content}${structured}}`
  return { kind: 'result', bytes: Buffer.from(json), value: JSON.parse(json) as unknown }
}
