import { describe, expect, it } from 'vitest'
import { idAtEdges, LineReader } from '../../../src/main/upstream/line-reader.ts'

function read(chunks: (string | Buffer)[], maxBytes = 1000) {
  const lines: string[] = []
  const oversized: { head: string; tail: string | undefined }[] = []
  const reader = new LineReader(maxBytes, {
    line: (bytes) => lines.push(bytes.toString()),
    oversized: (head, tail) => oversized.push({ head: head.toString(), tail: tail?.toString() }),
  })
  for (const chunk of chunks) reader.push(Buffer.from(chunk))
  reader.end()
  return { lines, oversized }
}

describe('LineReader', () => {
  it('gives the same lines however the stream is cut', () => {
    const text = Buffer.from('{"a":"grün"}\n\n{"b":"日本"}\nlast')
    const whole = read([text]).lines
    expect(whole).toEqual(['{"a":"grün"}', '{"b":"日本"}', 'last'])
    for (let size = 1; size <= text.length; size++) {
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
        text.subarray(index * size, (index + 1) * size),
      )
      expect(read(chunks).lines).toEqual(whole)
    }
  })

  it('drops a line over the limit, tells its edges, and goes on with the next', () => {
    const long = `${'h'.repeat(600)}${'m'.repeat(5000)}${'t'.repeat(600)}`
    for (const size of [1, 7, 100, 999, 1001, 10_000]) {
      const text = `before\n${long}\nafter\n`
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
        text.slice(index * size, (index + 1) * size),
      )
      const { lines, oversized } = read(chunks)
      expect(lines).toEqual(['before', 'after'])
      expect(oversized).toEqual([
        { head: 'h'.repeat(512), tail: undefined },
        { head: 'h'.repeat(512), tail: 't'.repeat(512) },
      ])
    }
  })

  it('gives the memory of whole chunks back once their line is joined, and only of those', () => {
    const lines: string[] = []
    const reader = new LineReader(1000, { line: (bytes) => lines.push(bytes.toString()), oversized: () => undefined })
    const whole = Buffer.from(new Uint8Array(40).fill(0x61).buffer)
    const shared = Buffer.from('bb\ncc')
    reader.push(whole)
    reader.push(shared)
    reader.push(Buffer.from('\n'))
    expect(lines).toEqual([`${'a'.repeat(40)}bb`, 'cc'])
    expect(whole.buffer.byteLength).toBe(0)
    expect(shared.toString()).toBe('bb\ncc')
  })

  it('takes a line of exactly the limit', () => {
    const { lines, oversized } = read(['x'.repeat(1000), '\n', 'y'.repeat(1001), '\n'])
    expect(lines).toEqual(['x'.repeat(1000)])
    expect(oversized).toHaveLength(2)
  })
})

describe('the id at the edges of a message', () => {
  it.each([
    ['{"jsonrpc":"2.0","id":12,"result":{"content":[', undefined, 12],
    [' { "id" : 7 , "result":', undefined, 7],
    ['{"result":{"id":3,"x":"', undefined, undefined],
    ['{"result":{"x":"', 'xxx"},"jsonrpc":"2.0","id":5}', 5],
    ['{"result":{"x":"', 'xxx"},"id":6,"jsonrpc":"2.0"}', 6],
    ['{"result":{"x":"', 'xxx","id":9}}', undefined],
    ['{"result":{"x":"', 'xxx \\"id\\":9}"}', undefined],
    ['plain text', 'of no meaning', undefined],
  ])('%j … %j', (head, tail, id) => {
    expect(idAtEdges(Buffer.from(head), tail === undefined ? undefined : Buffer.from(tail))).toBe(id)
  })
})
