import { printJson } from '../../json/print.ts'
import { JsonNumber, type JsonValue } from '../../json/value.ts'

/** One call as it is copied: the arguments are a JSON object. */
export interface CopiedCall {
  tool: string
  args: JsonValue
}

const VERSION = '2026-07-28'
/** The shell and the kernel take only so much in one argument (Linux: 128 KiB). */
const LONGEST_ARGUMENT = 100_000

/** The message that an MCP client sends for it. */
export function asJsonRpc({ tool, args }: CopiedCall): string {
  return printJson(requestOf(tool, args), 2)
}

/**
 * One command for a POSIX shell that makes the same call at the gateway, in the stateless way of MCP 2026-07-28. The token
 * is not in it: it is read from `$GATEHOUSE_TOKEN`.
 */
export function asCurl(mcpUrl: string, { tool, args }: CopiedCall): string {
  const meta = new Map<string, JsonValue>([
    ['io.modelcontextprotocol/protocolVersion', VERSION],
    [
      'io.modelcontextprotocol/clientInfo',
      new Map([
        ['name', 'curl'],
        ['version', '1'],
      ]),
    ],
    ['io.modelcontextprotocol/clientCapabilities', new Map()],
  ])
  const body = printJson(requestOf(tool, args, meta), 0)
  const long = body.length > LONGEST_ARGUMENT
  const lines = [
    `curl -sS ${quoted(mcpUrl)}`,
    `-H "Authorization: Bearer $GATEHOUSE_TOKEN"`,
    `-H 'Content-Type: application/json'`,
    `-H 'Accept: application/json, text/event-stream'`,
    `-H 'MCP-Protocol-Version: ${VERSION}'`,
    `-H 'Mcp-Method: tools/call'`,
    `-H ${quoted(`Mcp-Name: ${tool}`)}`,
    // The body is one line of JSON, so no line of it can end the document early.
    long ? `--data-binary @- <<'GATEHOUSE'\n${body}\nGATEHOUSE` : `--data-raw ${quoted(body)}`,
  ]
  return lines.join(' \\\n  ')
}

function requestOf(tool: string, args: JsonValue, meta?: JsonValue): JsonValue {
  return new Map<string, JsonValue>([
    ['jsonrpc', '2.0'],
    ['id', new JsonNumber('1')],
    ['method', 'tools/call'],
    [
      'params',
      new Map<string, JsonValue>([['name', tool], ['arguments', args], ...(meta ? [['_meta', meta] as const] : [])]),
    ],
  ])
}

/** Between single quotes nothing means anything to a shell but the quote that ends them. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
