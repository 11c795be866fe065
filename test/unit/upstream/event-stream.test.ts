import { describe, expect, it } from 'vitest'
import { EventReader } from '../../../src/main/upstream/event-reader.ts'
import { EventStream } from '../../../src/main/upstream/event-stream.ts'

/** What is heard of a stream that comes in the given chunks. */
function read(chunks: (string | Buffer)[], maxBytes = 1_000): string[] {
  const heard: string[] = []
  const reader = new EventReader(maxBytes, {
    event: (type, data) => heard.push(`${type}|${data.toString()}`),
    retry: (afterMs) => heard.push(`retry ${afterMs}`),
    oversized: (head, tail) =>
      heard.push(`oversized ${head.subarray(0, 12).toString()}${tail ? `…${tail.subarray(-6).toString()}` : ''}`),
  })
  for (const chunk of chunks) reader.push(Buffer.from(chunk))
  return heard
}

describe('events out of bytes', () => {
  it.each<[string, string, string[]]>([
    ['one', 'data: a\n\n', ['|a']],
    ['with a type', 'event: endpoint\ndata: /x?y=1\n\n', ['endpoint|/x?y=1']],
    ['the type holds for one event only', 'event: endpoint\ndata:a\n\ndata:b\n\n', ['endpoint|a', '|b']],
    ['several lines of data', 'data: a\ndata:\ndata: b\n\n', ['|a\n\nb']],
    ['one space is taken away, not two', 'data:  a\n\n', ['| a']],
    ['a name without a colon', 'data\n\n', ['|']],
    ['other fields', 'id: 7\nnonsense\n: comment\ndatax: b\ndat: c\nDATA: d\ndata: a\n\n', ['|a']],
    ['no data, no event', 'event: message\n\nid: 1\n\n\n\n', []],
    ['a wish', 'retry: 250\nretry: soon\nretry: -1\nretry: 99999999999\n\n', ['retry 250']],
    ['a byte order mark', '\ufeffdata: a\n\n\ufeffdata: b\n\n', ['|a']],
    ['an end of stream inside an event', 'data: a\n\ndata: b\n', ['|a']],
    ['UTF-8', 'data: grün ✓ 😀\n\n', ['|grün ✓ 😀']],
  ])('%s', (_case, text, events) => {
    for (const lineBreak of ['\n', '\r\n', '\r']) {
      const bytes = Buffer.from(text.replaceAll('\n', lineBreak))
      expect(read([bytes])).toEqual(events)
      for (let cut = 1; cut < bytes.length; cut++) {
        expect(read([bytes.subarray(0, cut), bytes.subarray(cut)]), `cut at ${cut}`).toEqual(events)
      }
      expect(read([...bytes].map((byte) => Buffer.from([byte])))).toEqual(events)
    }
  })

  it('an event over the limit is told of and passed over; the next one is read', () => {
    const long = `{"id":1,${'x'.repeat(300)}"}}`
    for (const size of [7, 64, 10_000]) {
      const text = Buffer.from(`data: ok\n\nevent: message\ndata: ${long}\nid: 3\n\ndata: next\n\n`)
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
        text.subarray(index * size, (index + 1) * size),
      )
      expect(read(chunks, 100)).toEqual(['|ok', 'oversized {"id":1,xxxx', 'oversized {"id":1,xxxx…}id: 3', '|next'])
    }
  })

  it('many short lines of one event count together', () => {
    const lines = `data: ${'y'.repeat(10)}\n`.repeat(20)
    expect(read([`${lines}\ndata: next\n\n`], 100)).toEqual([
      'oversized yyyyyyyyyyyy',
      'oversized yyyyyyyyyyyy…yyyyyy',
      '|next',
    ])
  })

  it('a line without an end takes no more than the limit', () => {
    const chunk = Buffer.alloc(64 * 1024, 'x')
    const heard: number[] = []
    const reader = new EventReader(1024 * 1024, {
      event: () => heard.push(-1),
      retry: () => heard.push(-2),
      oversized: (head) => heard.push(head.length),
    })
    reader.push(Buffer.from('data: '))
    const before = process.memoryUsage().arrayBuffers
    for (let round = 0; round < 4_000; round++) reader.push(Buffer.from(chunk))
    expect(heard).toEqual([506])
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(200 * 1024 * 1024)
  })
})

describe('messages out of events', () => {
  function messages(text: string | Buffer, maxBytes = 1_000) {
    const heard: unknown[] = []
    const bytes: string[] = []
    const stream = new EventStream(maxBytes, {
      message: (message) => {
        heard.push(message.value)
        bytes.push(message.bytes.toString('latin1'))
      },
      endpoint: (address) => heard.push(address),
      oversized: (id) => heard.push(`oversized ${id ?? '?'}`),
    })
    stream.push(Buffer.from(text))
    return { heard, bytes }
  }

  it('keep their bytes', () => {
    const { bytes } = messages('data: {"id":1, "result":{"n":1.0}}\n\n')
    expect(bytes).toEqual(['{"id":1, "result":{"n":1.0}}'])
  })

  it('are told from what is none', () => {
    const { heard } = messages(
      'data: hello\n\nevent: ping\ndata: {"id":1}\n\ndata: [1]\n\ndata: {"id":\n\nevent: endpoint\ndata: /post\n\ndata: {"id":2}\n\n',
    )
    expect(heard).toEqual(['/post', { id: 2 }])
  })

  it('are text, whatever came', () => {
    const broken = Buffer.concat([
      Buffer.from('data: {"id":1,"result":{"t":"'),
      Buffer.from([0xff, 0xc3]),
      Buffer.from('"}}\n\n'),
    ])
    const { heard, bytes } = messages(broken)
    expect(heard).toEqual([{ id: 1, result: { t: '\ufffd\ufffd' } }])
    expect(Buffer.from(bytes[0] ?? '', 'latin1').toString('utf8')).toBe('{"id":1,"result":{"t":"\ufffd\ufffd"}}')
  })

  it('over the limit are known by the id at either edge', () => {
    const filler = 'z'.repeat(2_000)
    expect(messages(`data: {"jsonrpc":"2.0","id":7,"result":{"x":"${filler}"}}\n\n`).heard).toEqual([
      'oversized 7',
      'oversized 7',
    ])
    expect(messages(`data: {"result":{"x":"${filler}"},"jsonrpc":"2.0","id":8}\n\n`).heard).toEqual([
      'oversized ?',
      'oversized 8',
    ])
  })
})
