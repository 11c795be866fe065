/**
 * A server over stdio whose tools have the schemas and the answers that are hard to show. It writes JSON-RPC by hand, so
 * that numbers and mistakes go over the wire as they stand here.
 */
import { createInterface } from 'node:readline'

interface Message {
  id?: number | string
  method: string
  params?: {
    name?: string
    arguments?: Record<string, unknown>
    requestId?: number | string
    _meta?: { progressToken?: unknown }
  }
}

const text = { type: 'string' }
const object = (properties: object, required: string[] = []) => ({ type: 'object', properties, required })
const manyFields = Object.fromEntries(
  Array.from({ length: 500 }, (_, index) => [`field_${index}`, index % 3 === 0 ? { type: 'integer' } : text]),
)

const tools = [
  {
    name: 'form',
    description: 'Every kind of field',
    inputSchema: {
      ...object(
        {
          city: { type: 'string', description: 'Where to look', minLength: 2 },
          days: { type: 'integer', minimum: 1, maximum: 10, default: 3 },
          unit: {
            oneOf: [
              { const: 'c', title: 'Celsius' },
              { const: 'f', title: 'Fahrenheit' },
            ],
            default: 'c',
          },
          detailed: { type: 'boolean' },
          since: { type: ['string', 'null'], format: 'date' },
          at: { type: 'string', format: 'date-time' },
          contact: { type: 'string', format: 'email' },
          key: { type: 'string', format: 'password' },
          note: { type: 'string', maxLength: 2_000 },
          tags: { type: 'array', items: text, maxItems: 5 },
          place: object({ lat: { type: 'number' }, lon: { type: 'number' } }, ['lat']),
          find: {
            oneOf: [
              { title: 'By name', ...object({ by: { const: 'name' }, name: text }, ['by', 'name']) },
              { title: 'By number', ...object({ by: { const: 'number' }, number: { type: 'integer' } }, ['by']) },
            ],
          },
          filter: { $ref: '#/$defs/filter' },
          extra: { type: 'object', additionalProperties: text },
        },
        ['city'],
      ),
      $defs: { filter: object({ not: { $ref: '#/$defs/filter' }, equals: text }) },
    },
  },
  { name: 'wide', description: 'Takes 500 arguments', inputSchema: object(manyFields, ['field_0', 'field_1']) },
  {
    name: 'odd',
    description: 'A schema with cycles and keywords that nobody knows',
    inputSchema: {
      ...object({
        tree: { $ref: '#/$defs/node' },
        words: { 'x-widget': 'fancy', type: 'string' },
        shape: { geometry: 'point' },
        codes: { type: 'object', patternProperties: { '(a+)+$': text } },
        pair: { type: 'array', prefixItems: [text, { type: 'integer' }] },
      }),
      $defs: { node: object({ name: text, children: { type: 'array', items: { $ref: '#/$defs/node' } } }) },
    },
  },
  {
    name: 'pattern',
    description: 'A pattern that never ends',
    inputSchema: object({ word: { type: 'string', pattern: '^(a+)+$' } }, ['word']),
  },
  { name: 'raw', description: 'Answers the text of its arguments', inputSchema: object({ id: { type: 'integer' } }) },
  {
    name: 'structured',
    description: 'Answers what its schema promises, or not',
    inputSchema: object({ wrong: { type: 'boolean', default: false } }),
    outputSchema: object({ id: { type: 'integer' }, name: text }, ['id', 'name']),
  },
  { name: 'large', description: 'Answers a long text', inputSchema: object({ size: { type: 'integer' } }, ['size']) },
  { name: 'media', description: 'Pictures, a sound, and links', inputSchema: object({}) },
  { name: 'steps', description: 'Tells three of ten steps, then waits', inputSchema: object({}) },
  { name: 'fails', description: 'Says that it failed', inputSchema: object({}) },
  { name: 'refuses', description: 'Answers an error', inputSchema: object({}) },
  { name: 'delete_all', inputSchema: object({}), annotations: { destructiveHint: true } },
]

const PIXEL = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const hostile = `<img src="x" onerror="document.title='run'">\u202Egnp.exe [click](javascript:alert(1))`

function media(): object[] {
  const page = Buffer.from('<script>document.title="run"</script>').toString('base64')
  return [
    { type: 'text', text: hostile },
    { type: 'image', mimeType: 'image/png', data: PIXEL },
    { type: 'image', mimeType: 'image/png', data: page },
    { type: 'audio', mimeType: 'audio/wav', data: silence().toString('base64') },
    { type: 'resource_link', uri: 'https://docs.example.com/report?id=7', name: 'report', title: 'The report' },
    { type: 'resource', resource: { uri: 'memo://1', mimeType: 'text/plain', text: 'inside the resource' } },
    { type: 'hologram', depth: 3 },
  ]
}

/** A tenth of a second of nothing, as WAV. */
function silence(): Buffer {
  const samples = Buffer.alloc(1_600)
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + samples.length, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(8_000, 24)
  head.writeUInt32LE(16_000, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(samples.length, 40)
  return Buffer.concat([head, samples])
}

const says = (words: string, more: object = {}) => JSON.stringify({ content: [{ type: 'text', text: words }], ...more })

/** The `result` or `error` member of the answer to a call; undefined: none comes before it is cancelled. */
function answerTo({ params }: Message, line: string): string | undefined {
  const args = params?.arguments ?? {}
  switch (params?.name) {
    case 'raw':
      return `"result":${says(/"arguments":(\{.*?\})/.exec(line)?.[1] ?? line)}`
    case 'structured': {
      const structured = args.wrong === true ? '{"id":"seven"}' : '{"id":12345678901234567890,"name":"x"}'
      return `"result":{"content":[],"structuredContent":${structured}}`
    }
    case 'large':
      return `"result":${says('line of text\n'.repeat(Number(args.size) / 13))}`
    case 'media':
      return `"result":${JSON.stringify({ content: media() })}`
    case 'fails':
      return `"result":${says('The disk is full.', { isError: true })}`
    case 'refuses':
      return `"error":{"code":-32050,"message":"Not today","data":{"retry_after":60}}`
    case 'steps':
      for (let progress = 1; progress <= 3; progress++) {
        const told = { progressToken: params._meta?.progressToken, progress, total: 10, message: `step ${progress}` }
        console.log(JSON.stringify({ jsonrpc: '2.0', method: 'notifications/progress', params: told }))
      }
      return undefined
    case undefined:
    default:
      return `"result":${says(`called with ${Object.keys(args).length} arguments of ${line.length} characters`)}`
  }
}

createInterface(process.stdin).on('line', (line) => {
  const message = JSON.parse(line) as Message
  const { id, method } = message
  if (id === undefined) return
  const answer = (member: string) => console.log(`{"jsonrpc":"2.0","id":${JSON.stringify(id)},${member}}`)
  if (method === 'initialize') {
    const serverInfo = { name: 'schema-server', version: '1' }
    answer(`"result":${JSON.stringify({ protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo })}`)
  } else if (method === 'tools/list') answer(`"result":${JSON.stringify({ tools })}`)
  else if (method === 'tools/call') {
    const member = answerTo(message, line)
    if (member !== undefined) answer(member)
  } else answer('"error":{"code":-32601,"message":"Method not found"}')
})
