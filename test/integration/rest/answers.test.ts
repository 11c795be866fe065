import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { RestToolInput } from '../../../src/shared/contract/rest.ts'
import type { RestSecrets } from '../../../src/main/upstream/upstream.ts'
import { echoServer, serveRest, type CallResult } from './rest-harness.ts'

type Headers = Record<string, string>

/** What an agent gets of one answer. */
async function resultOf(
  answer: { status?: number; headers?: Headers; body?: string | Buffer },
  {
    tool,
    secrets,
    ...rest
  }: { tool?: Partial<RestToolInput>; secrets?: Partial<RestSecrets> } & Record<string, unknown> = {},
): Promise<CallResult> {
  const { origin } = await echoServer((_sent, _request, response) => {
    response.writeHead(answer.status ?? 200, answer.headers).end(answer.body)
  })
  const tools: RestToolInput[] = [{ name: 'get', method: 'GET', path: '/x', ...tool }]
  return serveRest({ base_url: origin, tools, retries: 0, ...rest }, secrets).call('get')
}

const json = { 'content-type': 'application/json' }

describe('a JSON answer', () => {
  it('is text and structured content, with numbers as the API wrote them', async () => {
    const body = '{\n  "id": 12345678901234567890,\n  "price": 1.10,\n  "s": "a  b\\n\\"{",\n  "e": []\n}'
    const result = await resultOf({ headers: { 'content-type': 'application/problem+json; charset=utf-8' }, body })
    const compact = '{"id":12345678901234567890,"price":1.10,"s":"a  b\\n\\"{","e":[]}'
    expect(result.text).toBe(compact)
    expect(result.json).toContain(`"structuredContent":${compact}`)
    expect(result.isError).toBeUndefined()
  })

  it('that is a list is text', async () => {
    const result = await resultOf({ headers: json, body: '[1,2]' })
    expect(result).toMatchObject({ text: '[1,2]' })
    expect(result.structuredContent).toBeUndefined()
  })

  it('that is a list has the name that its tool describes', async () => {
    const tool = { output_schema: { type: 'object', properties: { items: { type: 'array' } } } }
    expect((await resultOf({ headers: json, body: '[1,2]' }, { tool })).structuredContent).toStrictEqual({
      items: [1, 2],
    })
  })

  it('that is none is text', async () => {
    expect((await resultOf({ headers: json, body: '{"a":' })).text).toBe('{"a":')
  })

  it('that nests deeper than clients read is text', async () => {
    const body = `{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`
    const result = await resultOf({ headers: json, body })
    expect(result.text).toBe(body)
    expect(result.structuredContent).toBeUndefined()
  })

  it.each([
    [gzipSync, 'gzip'],
    [deflateSync, 'deflate'],
    [brotliCompressSync, 'br'],
  ])('may be packed by %o', async (pack, coding) => {
    const headers = { ...json, 'content-encoding': coding }
    expect((await resultOf({ headers, body: pack('{"a":1}') })).structuredContent).toStrictEqual({ a: 1 })
  })

  it('that is not as described says so, and that the call has worked', async () => {
    const tool = { output_schema: { type: 'object', properties: { id: { type: 'integer' } } } }
    const result = await resultOf({ headers: json, body: '{"id":"x"}' }, { tool })
    expect(result).toMatchObject({ isError: true })
    expect(result.text).toMatch(/^The call has worked.*id must be integer.*\n\n\{"id":"x"\}$/s)
    expect((await resultOf({ headers: json, body: '{"id":1,"new":2}' }, { tool })).isError).toBeUndefined()
    expect((await resultOf({ status: 204 }, { tool })).structuredContent).toStrictEqual({})
  })
})

describe('another answer', () => {
  it('is text in its own characters', async () => {
    const headers = { 'content-type': 'text/plain; charset=iso-8859-1' }
    expect((await resultOf({ headers, body: Buffer.from('grün', 'latin1') })).text).toBe('grün')
  })

  it('is lines of JSON as text', async () => {
    const result = await resultOf({ headers: { 'content-type': 'application/x-ndjson' }, body: '{"a":1}\n{"a":2}\n' })
    expect(result.text).toBe('{"a":1}\n{"a":2}\n')
    expect(result.structuredContent).toBeUndefined()
  })

  it.each(['image/png', 'audio/mpeg'])('is %s', async (type) => {
    const result = await resultOf({ headers: { 'content-type': type }, body: Buffer.from([0, 1, 255]) })
    expect(result.content).toStrictEqual([{ type: type.split('/')[0], data: 'AAH/', mimeType: type }])
  })

  it('is a file of bytes', async () => {
    const result = await resultOf({ headers: { 'content-type': 'application/pdf' }, body: 'abc' })
    expect(result.content).toMatchObject([
      { type: 'resource', resource: { mimeType: 'application/pdf', blob: 'YWJj' } },
    ])
    expect(result.content[0]?.resource?.uri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/x$/)
  })

  it('is nothing', async () => {
    expect((await resultOf({ status: 204 })).text).toBe('204 No Content')
    expect((await resultOf({ status: 201, headers: { location: '/x/7' } })).text).toBe('201 Created\nlocation: /x/7')
  })

  it('to HEAD is its headers', async () => {
    const headers = { etag: '"1"', 'content-length': '12', 'content-encoding': 'gzip' }
    expect((await resultOf({ headers }, { tool: { method: 'HEAD' } })).text).toBe(
      '200 OK\ncontent-length: 12\netag: "1"',
    )
  })
})

describe('an answer that is too long', () => {
  it('is cut in its middle, and says so', async () => {
    const body = `{"first":"${'a'.repeat(50_000)}","last":"€${'z'.repeat(50_000)}"}`
    const result = await resultOf({ headers: json, body }, { max_answer_kib: 4 })
    expect(result.structuredContent).toBeUndefined()
    expect(result.isError).toBeUndefined()
    expect(result.text.length).toBeLessThan(5_000)
    expect(result.text.startsWith('{"first":"aaa')).toBe(true)
    expect(result.text.endsWith('zzz"}')).toBe(true)
    expect(result.text).toContain('[… cut: the answer is 98 KiB long. Above are its first 2,048 characters')
  })

  it('does not fill the memory when it was packed', async () => {
    const body = gzipSync(Buffer.alloc(512 * 1024 * 1024), { level: 9 })
    const before = process.memoryUsage().rss
    const result = await resultOf(
      { headers: { 'content-type': 'text/plain', 'content-encoding': 'gzip' }, body },
      { max_answer_kib: 1 },
    )
    expect(result.text).toContain('the answer is more than 64 MiB long')
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * 1024 * 1024)
  })

  it('shows nothing of a secret that the cut divides', async () => {
    const secret = 'sk-canary-0123456789'
    for (let shift = 0; shift < secret.length; shift += 3) {
      const body = 'x'.repeat(512 - shift) + secret + 'y'.repeat(3_000) + secret + 'z'.repeat(512 - shift)
      const { text } = await resultOf(
        { headers: { 'content-type': 'text/plain' }, body },
        { max_answer_kib: 1, secrets: { query: { key: secret } } },
      )
      expect(text).not.toMatch(/sk-|canary|6789/)
    }
  })

  it('is no image', async () => {
    const result = await resultOf(
      { headers: { 'content-type': 'image/png' }, body: Buffer.alloc(3_000) },
      { max_answer_kib: 1 },
    )
    expect(result).toMatchObject({ isError: true })
    expect(result.text).toContain('image/png of 3 KiB')
  })
})

describe('a projection', () => {
  const body = '{"items":[{"id":12345678901234567890,"n":"a"},{"id":2,"n":"b"}],"total":2,"rest":"…"}'

  it.each([
    ['$.items[*].n', '["a","b"]'],
    ['$.total', '2'],
    ['$.missing', 'null'],
    ['$.items[?@.n == "a"].id', '[12345678901234567890]'],
    [{ ids: '$.items[*].id', total: "$['total']" }, '{"ids":[12345678901234567890,2],"total":2}'],
  ])('%j', async (projection, text) => {
    expect((await resultOf({ headers: json, body }, { tool: { projection } })).text).toBe(text)
  })

  it('makes a long answer short enough', async () => {
    const long = JSON.stringify({ keep: 1, fill: 'x'.repeat(100_000) })
    expect(
      (await resultOf({ headers: json, body: long }, { tool: { projection: '$.keep' }, max_answer_kib: 1 })).text,
    ).toBe('1')
  })

  it('that can not be read says so', async () => {
    const result = await resultOf({ headers: json, body }, { tool: { projection: '$.items[' } })
    expect(result).toMatchObject({ isError: true })
    expect(result.text).toContain('The projection $.items[ can not be used')
  })

  it.each(['$[?match(@.a,"(a+)+")]', '$..*..*..*..*..*..*'])('that takes years is stopped: %s', async (projection) => {
    const deep = `${'['.repeat(45)}${']'.repeat(45)}`
    const result = await resultOf(
      { headers: json, body: `[{"a":"${'a'.repeat(60)}!"},${deep}]` },
      { tool: { projection } },
    )
    expect(result.isError).toBe(true)
    expect(result.text).toContain('it takes longer than')
  })
})

describe('a failure that the API tells', () => {
  it.each([
    [400, '{"message":"Bad cursor"}', ['HTTP 400 Bad Request from GET /x', 'Bad cursor', 'Correct the arguments']],
    [401, '{"error":{"message":"No such key"}}', ['No such key', 'does not accept the credentials']],
    [404, '{"type":"about:blank","title":"Gone","detail":"No pet 7"}', ['No pet 7', 'Check the ids']],
    [409, '', ['HTTP 409 Conflict', 'conflicts with the present state']],
    [422, '{"detail":[{"loc":["body","n"],"msg":"field required"}]}', ['body.n: field required']],
    [422, '{"errors":{"email":["is taken"]}}', ['email: is taken']],
    [422, '{"errors":[{"source":{"pointer":"/data/a"},"detail":"too short"}]}', ['/data/a: too short']],
    [500, 'Traceback: boom', ['HTTP 500 Internal Server Error', 'Traceback: boom', 'The API failed']],
    [502, '<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>', ['502 Bad Gateway']],
  ])('%d %s', async (status, body, words) => {
    const type = body.startsWith('{') ? 'application/json' : body.startsWith('<') ? 'text/html' : 'text/plain'
    const result = await resultOf({ status, headers: { 'content-type': type }, body })
    expect(result.isError).toBe(true)
    expect(result.structuredContent).toBeUndefined()
    for (const word of words) expect(result.text).toContain(word)
    expect(result.text).not.toContain('<body>')
  })

  it('429 says when to try again', async () => {
    const result = await resultOf({ status: 429, headers: { 'retry-after': '90' } })
    expect(result.text).toContain('Try again after 90 s (Retry-After).')
  })

  it('of a write says that nobody knows whether it happened', async () => {
    const result = await resultOf({ status: 500 }, { tool: { method: 'POST' } })
    expect(result.text).toContain('whether it carried this out is not known')
  })

  it('has no secret in it, in whatever form', async () => {
    const secrets = {
      headers: { Authorization: `Basic ${Buffer.from('user:pass word-canary').toString('base64')}` },
      query: { key: 'query-canary+1' },
    }
    const body = JSON.stringify({
      message: 'pass word-canary',
      q: 'query-canary%2B1',
      h: secrets.headers.Authorization,
    })
    const { json: whole } = await resultOf({ status: 403, headers: json, body }, { secrets })
    expect(whole).not.toContain('canary')
    expect(whole).not.toContain(secrets.headers.Authorization.slice(6))
    const { json: fine } = await resultOf({ headers: json, body }, { secrets })
    expect(fine).not.toContain('canary')
  })

  it.each([200, 403])('and with %i has none that is escaped as PHP and .NET do', async (status) => {
    const key = 'canary/abc+def=='
    const body = '{"a":"canary\\/abc+def==","b":"canary/abc\\u002Bdef\\u003d=","c":"\\\\/\\u0022\\u005c\\n"}'
    const secrets = { query: { key } }
    const { json: whole, text } = await resultOf({ status, headers: json, body }, { secrets })
    expect(whole).not.toContain('canary')
    expect(text).toContain('{"a":"[redacted]","b":"[redacted]","c":"\\\\/\\"\\\\\\n"}')
    const long = `{"b":"canary/abc\\u002Bdef\\u003d=","x":"${'x'.repeat(3_000)}"}`
    expect((await resultOf({ headers: json, body: long }, { secrets, max_answer_kib: 1 })).json).not.toContain('canary')
  })
})
