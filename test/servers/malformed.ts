/** Things that a peer should not say, in any number, the same for the same seed. */

/** What a server might say; none is the answer to a request that is open. */
const SAID: readonly unknown[] = [
  { jsonrpc: '2.0', id: 987_654_321, result: { content: [{ type: 'text', text: 'grün ✓' }] } },
  { jsonrpc: '2.0', id: '1', result: { content: [] } },
  { jsonrpc: '2.0', id: null, error: { code: -32700, message: 'Parse error' } },
  { jsonrpc: '2.0', id: -1, result: {}, error: { code: 1, message: 'both' } },
  { jsonrpc: '2.0', id: 1.5, error: 'a word' },
  { jsonrpc: '2.0', id: 987_654_321 },
  { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: 987_654_321, progress: 1 } },
  { jsonrpc: '2.0', method: 'notifications/progress', params: { progressToken: { a: 1 }, progress: 'much' } },
  { jsonrpc: '2.0', method: 'notifications/message', params: { level: 7, data: { a: [] } } },
  { jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 5 } },
  { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'nothing' } },
  { jsonrpc: '2.0', method: 'notifications/elicitation/complete', params: [] },
  { jsonrpc: '2.0', method: 'notifications/tasks/status', params: { taskId: {} } },
  { jsonrpc: '2.0', method: 'constructor', params: { __proto__: null, toString: 1 } },
  { jsonrpc: '2.0', id: 'q', method: 'roots/list' },
  { jsonrpc: '2.0', id: [1], method: 'sampling/createMessage', params: 7 },
  { jsonrpc: '1.0', id: 3, method: 'ping' },
  [{ jsonrpc: '2.0', id: 987_654_321, result: {} }],
  'text',
  42,
]
const BYTES_OF_NOTHING = [
  [0],
  [0xff, 0xfe],
  [0xef, 0xbb, 0xbf],
  [0xc3],
  [0xed, 0xa0, 0x80],
  [0x0d],
  [0x1b, 0x5b],
  [0x0a],
]

/** `count` messages, each with what ends it, or without. Not one has more than a few kilobytes. */
export function* malformed(seed: number, count: number): Generator<Buffer> {
  const random = randomFrom(seed)
  const below = (limit: number) => Math.floor(random() * limit)
  for (let made = 0; made < count; made++) {
    const text = JSON.stringify(SAID[below(SAID.length)])
    yield Buffer.concat([mangled(Buffer.from(text), below), Buffer.from(below(20) === 0 ? '' : '\n')])
  }
}

function mangled(message: Buffer, below: (limit: number) => number): Buffer {
  const at = below(message.length)
  switch (below(9)) {
    case 0:
      return message.subarray(0, at)
    case 1:
      return message.subarray(at)
    case 2:
      return Buffer.from(message.map((byte, index) => (index === at ? byte ^ (1 << below(8)) : byte)))
    case 3:
      return Buffer.concat([
        message.subarray(0, at),
        Buffer.from(BYTES_OF_NOTHING[below(8)] ?? []),
        message.subarray(at),
      ])
    case 4:
      return Buffer.concat([message, message])
    case 5:
      return Buffer.from('['.repeat(1_000) + message.toString() + ']'.repeat(below(1_001)))
    case 6:
      return Buffer.from(message.toString().replace('{', '{"__proto__":{"polluted":true},"id":"again",'))
    case 7:
      return Buffer.from(`data: ${message.toString()}\nevent: message`)
    default:
      return message
  }
}

/** Mulberry32. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
