import { LineReader } from '../../upstream/line-reader.ts'
import type { CommandContext } from '../command-context.ts'
import { GatewayAccessPoint } from '../stdio/gateway-access.ts'
import { StdioBridge } from '../stdio/stdio-bridge.ts'

export interface StdioOptions {
  agent: string
  integration?: string
}

const MAX_LINE_BYTES = 128 * 1024 * 1024
const GRACE_MS = 5_000
const LINE_BREAKS = /[\r\n]/g
const NEWLINE = Buffer.from('\n')

/** An MCP server on standard input and output that is the gateway. Ends with its input, or by a signal. */
export async function stdio(context: CommandContext, { agent, integration }: StdioOptions): Promise<number> {
  const { terminal, signal } = context
  const access = new GatewayAccessPoint(context, agent)
  const bridge = new StdioBridge({
    open: () => access.open(),
    path: integration === undefined ? '' : `/${encodeURIComponent(integration)}`,
    write: (message) => terminal.write(lineOf(message)),
    note: (words) => terminal.note(`gatehouse stdio: ${words}`),
  })
  const lines = new LineReader(MAX_LINE_BYTES, { line: (bytes) => bridge.take(bytes), oversized: () => undefined })
  const onAbort = () => terminal.endInput()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    for await (const chunk of terminal.input()) lines.push(chunk)
    lines.end()
  } catch (error) {
    if (!signal.aborted) throw error
  } finally {
    await bridge.close(signal.aborted ? 0 : GRACE_MS)
    await access.close()
  }
  return 0
}

/** One message a line: raw line breaks in JSON are white space only, and a space means the same. */
function lineOf(message: Buffer): Buffer {
  const isOneLine = !message.includes(0x0a) && !message.includes(0x0d)
  const line = isOneLine ? message : Buffer.from(message.toString().replaceAll(LINE_BREAKS, ' '))
  return Buffer.concat([line, NEWLINE])
}
