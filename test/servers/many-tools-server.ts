/**
 * A stdio server of 10,000 tools, in pages of 1,000, as large catalogs of APIs make them: verbs over objects, annotated by
 * what the verb does. Legacy, without SDK. A call answers the name that was called.
 */
import { createInterface } from 'node:readline'

interface Request {
  id?: number | string
  method: string
  params?: { name?: string; cursor?: string }
}

const PAGE = 1_000
const OBJECTS_OF_A_KIND = 50

const verbs: { verb: string; annotations?: Record<string, boolean> }[] = [
  { verb: 'archive' },
  { verb: 'create', annotations: { readOnlyHint: false, destructiveHint: false } },
  { verb: 'delete', annotations: { destructiveHint: true } },
  { verb: 'export', annotations: { readOnlyHint: true, openWorldHint: true } },
  { verb: 'get', annotations: { readOnlyHint: true } },
  { verb: 'import' },
  { verb: 'list', annotations: { readOnlyHint: true } },
  { verb: 'search', annotations: { readOnlyHint: true } },
  { verb: 'share', annotations: { readOnlyHint: false, openWorldHint: true } },
  { verb: 'update', annotations: { readOnlyHint: false, idempotentHint: true } },
]
const kinds =
  'account budget cluster device event file group host invoice job key label member node order page queue role site task'

const tools = verbs.flatMap(({ verb, annotations }) =>
  kinds.split(' ').flatMap((kind) =>
    Array.from({ length: OBJECTS_OF_A_KIND }, (_, index) => ({
      name: `${verb}_${kind}_${String(index).padStart(2, '0')}`,
      description: `Tries to ${verb} the ${kind} of region ${index}, and answers with what became of it and when.`,
      inputSchema: { type: 'object', properties: { id: { type: 'string' }, reason: { type: 'string' } } },
      ...(annotations && { annotations }),
    })),
  ),
)

function resultOf({ method, params = {} }: Request): unknown {
  switch (method) {
    case 'initialize':
      return {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo: { name: 'many-tools', version: '1' },
      }
    case 'tools/list': {
      const from = Number(params.cursor ?? 0)
      const next = from + PAGE < tools.length ? { nextCursor: String(from + PAGE) } : {}
      return { tools: tools.slice(from, from + PAGE), ...next }
    }
    case 'tools/call':
      return { content: [{ type: 'text', text: params.name ?? '' }] }
    default:
      return {}
  }
}

createInterface(process.stdin).on('line', (line) => {
  const request = JSON.parse(line) as Request
  if (request.id === undefined) return
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id: request.id, result: resultOf(request) })}\n`)
})
