import { describe, expect, it } from 'vitest'
import { parseExact } from '../../../src/main/rest/exact-numbers.ts'
import { buildRequest } from '../../../src/main/rest/request/request-builder.ts'
import type { RestSecrets } from '../../../src/main/upstream/upstream.ts'
import { RestTool, type RestToolInput } from '../../../src/shared/contract/rest.ts'

const NO_SECRETS: RestSecrets = { headers: {}, query: {}, cookies: {} }
const place = { base_url: 'https://api.test/v1/', headers: {} }

const tool = (input: Partial<RestToolInput>) => RestTool.parse({ name: 't', method: 'GET', path: '/x', ...input })
const build = (
  input: Partial<RestToolInput>,
  args: Record<string, unknown> = {},
  secrets: Partial<RestSecrets> = {},
  where: Partial<Parameters<typeof buildRequest>[0]> = {},
) => buildRequest({ ...place, ...where }, tool(input), args, { ...NO_SECRETS, ...secrets })
const url = (...given: Parameters<typeof build>) => build(...given).url.href
const header = (request: ReturnType<typeof build>, name: string) =>
  request.headers.find(([key]) => key.toLowerCase() === name)?.[1]

const id = { name: 'id', in: 'path' } as const

describe('a path', () => {
  it.each(['..', '.', '../../admin', '%2e%2e', '%252e%252e', '..%2fadmin', 'a/../b', 'a\\..\\b', '', 'x/%2E%2e'])(
    'refuses %j, which would leave its place',
    (value) => {
      expect(() => url({ path: '/things/{id}', parameters: [id] }, { id: value })).toThrow(/^id: goes into a path/)
    },
  )

  it('refuses what becomes dots by its style', () => {
    const parameters = [{ ...id, style: 'label' } as const]
    expect(() => url({ path: '/{id}', parameters }, { id: '' })).toThrow('can not be "." or ".."')
    expect(() => url({ path: '/.{id}', parameters: [id] }, { id: '.' })).toThrow('"." or ".."')
  })

  it.each([
    ['a/b', 'a%2Fb'],
    ['a\\b', 'a%5Cb'],
    ['?x=1#y', '%3Fx%3D1%23y'],
    ['//evil.test', '%2F%2Fevil.test'],
    ['@evil.test:80', '%40evil.test%3A80'],
    ['é;a', '%C3%A9%3Ba'],
    ['\ud800', '%EF%BF%BD'],
    ['...', '...'],
    ['\r\nHost: evil', '%0D%0AHost%3A%20evil'],
  ])('keeps %j in its place', (value, encoded) => {
    expect(url({ path: '/things/{id}', parameters: [id] }, { id: value })).toBe(`https://api.test/v1/things/${encoded}`)
  })

  it('may hold several values in a segment, and the same one twice', () => {
    const parameters = [id, { name: 'format', in: 'path' } as const]
    expect(url({ path: '/{id}.{format}/{id}', parameters }, { id: 1, format: 'json' })).toBe(
      'https://api.test/v1/1.json/1',
    )
  })

  it('says which of its values is not there', () => {
    expect(() => url({ path: '/{id}', parameters: [id] }, { id: null })).toThrow('id: goes into a path')
    expect(() => url({ path: '/{other}', parameters: [id] }, { id: 1 })).toThrow('{other}')
  })

  it('may have a query of its own', () => {
    const parameters = [id, { name: 'q', in: 'query' } as const]
    expect(url({ path: '/x?kind=a&id={id}', parameters }, { id: 'a&b', q: '1' })).toBe(
      'https://api.test/v1/x?kind=a&id=a%26b&q=1',
    )
  })
})

describe('styles', () => {
  const O = { R: 100, G: 'a,b' }
  const A = ['a b', 'c|d', null]
  it.each([
    ['form', false, A, 'c=a%20b,c%7Cd'],
    ['form', true, A, 'c=a%20b&c=c%7Cd'],
    ['form', false, O, 'c=R,100,G,a%2Cb'],
    ['form', true, O, 'R=100&G=a%2Cb'],
    ['spaceDelimited', false, A, 'c=a%20b%20c%7Cd'],
    ['spaceDelimited', true, A, 'c=a%20b&c=c%7Cd'],
    ['spaceDelimited', false, O, 'c=R%20100%20G%20a%2Cb'],
    ['pipeDelimited', false, A, 'c=a%20b%7Cc%7Cd'],
    ['pipeDelimited', false, O, 'c=R%7C100%7CG%7Ca%2Cb'],
    ['tabDelimited', false, A, 'c=a%20b%09c%7Cd'],
    ['deepObject', true, O, 'c%5BR%5D=100&c%5BG%5D=a%2Cb'],
    ['deepObject', true, { a: { b: [1, 2] } }, 'c%5Ba%5D%5Bb%5D%5B%5D=1&c%5Ba%5D%5Bb%5D%5B%5D=2'],
    ['deepObject', true, { a: [{ b: 1 }, { b: 2 }] }, 'c%5Ba%5D%5B0%5D%5Bb%5D=1&c%5Ba%5D%5B1%5D%5Bb%5D=2'],
    ['form', true, [], undefined],
    ['form', false, [], undefined],
    ['form', false, {}, undefined],
    ['form', true, null, undefined],
    ['deepObject', true, {}, undefined],
    ['form', true, '', 'c='],
    ['form', true, [{ a: 1 }], 'c=%7B%22a%22%3A1%7D'],
    ['form', true, true, 'c=true'],
  ] as const)('write %s, explode %s, of %j', (style, explode, value, query) => {
    const parameters = [{ name: 'c', in: 'query', style, explode } as const]
    expect(url({ parameters }, { c: value })).toBe(`https://api.test/v1/x${query === undefined ? '' : `?${query}`}`)
  })

  it.each([
    ['simple', true, ['a', 'b'], 'a,b'],
    ['label', false, { a: 1, b: 2 }, '.a,1,b,2'],
    ['label', true, { a: 1, b: 2 }, '.a=1.b=2'],
    ['matrix', false, { a: 1, b: 2 }, ';c=a,1,b,2'],
    ['matrix', true, [1, 2], ';c=1;c=2'],
    ['matrix', false, '', ';c='],
  ] as const)('write %s, explode %s, of %j into a path', (style, explode, value, text) => {
    const parameters = [{ name: 'c', in: 'path', style, explode } as const]
    expect(url({ path: '/{c}', parameters }, { c: value })).toBe(`https://api.test/v1/${text}`)
  })

  it('leave reserved characters where asked, but for those that begin something else', () => {
    const parameters = [{ name: 'c', in: 'query', allow_reserved: true } as const]
    expect(url({ parameters }, { c: "a/b?c:d@e,f;g$(h)*!=%2F&x=1#y[z]+'%" })).toBe(
      'https://api.test/v1/x?c=a/b?c:d@e,f;g$(h)*!=%2F%26x=1%23y%5Bz%5D%2B%27%25',
    )
  })

  it('write brackets of names as escapes', () => {
    const parameters = [{ name: 'filter[a]', argument: 'filter_a', in: 'query' } as const]
    expect(url({ parameters }, { filter_a: 1 })).toBe('https://api.test/v1/x?filter%5Ba%5D=1')
  })

  it('keep numbers that no double holds', () => {
    const args = parseExact('{"c":12345678901234567890,"b":{"n":[9007199254740993,1.10,1e400]}}')
    const request = build(
      {
        method: 'POST',
        parameters: [{ name: 'c', in: 'query' }],
        body: { content_type: 'application/json', schema: {} },
      },
      { c: (args as { c: unknown }).c, body: (args as { b: unknown }).b },
    )
    expect(request.url.search).toBe('?c=12345678901234567890')
    expect(request.body?.toString()).toBe('{"n":[9007199254740993,1.1,1e400]}')
  })
})

describe('headers and cookies', () => {
  const parameters = [
    { name: 'X-Color', in: 'header' },
    { name: 'a', in: 'cookie' },
    { name: 'b', in: 'cookie', style: 'cookie' },
  ] as const

  it.each(['x\r\nX-Evil: 1', 'a\nb', 'a\0b', 'a\x7fb', '\x1b[0m'])('refuse %j', (value) => {
    expect(() => build({ parameters: [...parameters] }, { 'X-Color': value })).toThrow(/^X-Color: goes into a header/)
  })

  it.each(['x; admin=1', 'a\r\nb', 'a b'])('refuse %j in a cookie that is written as it is', (value) => {
    expect(() => build({ parameters: [...parameters] }, { b: value })).toThrow(/^b: goes into a cookie/)
  })

  it('are written', () => {
    const request = build({ parameters: [...parameters] }, { 'X-Color': ['é', 1], a: 'x; y', b: 'a,b%' })
    expect(Buffer.from(header(request, 'x-color') ?? '', 'latin1').toString()).toBe('é,1')
    expect(header(request, 'cookie')).toBe('a=x%3B%20y; b=a,b%')
  })

  it.each([
    'Host',
    'content-length',
    'Transfer-Encoding',
    'Connection',
    'Cookie',
    'Authorization',
    'Accept',
    'Proxy-X',
  ])('leave out a parameter called %s', (name) => {
    const request = build({ parameters: [{ name, in: 'header' }] }, { [name]: 'evil' })
    expect(JSON.stringify(request.headers)).not.toContain('evil')
  })

  it('of the integration stand before those of a tool', () => {
    const request = build(
      { parameters: [...parameters] },
      { 'X-Color': 'theirs' },
      {},
      { headers: { 'x-color': 'ours' } },
    )
    expect(header(request, 'x-color')).toBe('ours')
  })
})

describe('headers of the integration', () => {
  it('change nothing about the connection or a body', () => {
    const headers = { 'content-type': 'text/x', 'Accept-Encoding': 'x', Host: 'x', accept: 'text/y', Cookie: 'a=1' }
    const request = build(
      { method: 'POST', body: { content_type: 'application/json', required: true } },
      {},
      {},
      { headers },
    )
    expect(request.headers).toStrictEqual([
      ['Content-Type', 'application/json'],
      ['accept', 'text/y'],
      ['Cookie', 'a=1'],
      ['User-Agent', 'gatehouse'],
    ])
  })
})

describe('credentials', () => {
  const secrets = { headers: { 'X-Key': 'kkk' }, query: { api_key: 'a+b/=' }, cookies: { sid: 'c;1' } }

  it('go to the origin of the base URL', () => {
    const request = build({ parameters: [{ name: 'q', in: 'query' }] }, { q: 1 }, secrets)
    expect(request.url.search).toBe('?q=1&api_key=a%2Bb%2F%3D')
    expect(header(request, 'x-key')).toBe('kkk')
    expect(header(request, 'cookie')).toBe('sid=c%3B1')
    expect(request.isTrusted).toBe(true)
  })

  it.each(['https://other.test', 'http://api.test', 'https://api.test:8443', 'https://api.test.evil.test'])(
    'do not go to %s',
    (base_url) => {
      const request = build({ base_url }, {}, secrets)
      expect(request.isTrusted).toBe(false)
      expect(JSON.stringify(request)).not.toMatch(/kkk|a%2Bb|sid/)
      expect(request.url.origin).toBe(base_url)
    },
  )

  it('go to origins that are named', () => {
    const named = { credential_origins: ['https://other.test/whatever'] }
    expect(header(build({ base_url: 'https://other.test/v2' }, {}, secrets, named), 'x-key')).toBe('kkk')
  })

  it('are not replaced by arguments', () => {
    const parameters = [
      { name: 'api_key', in: 'query' },
      { name: 'x-key', in: 'header' },
      { name: 'sid', in: 'cookie' },
    ] as const
    const request = build({ parameters: [...parameters] }, { api_key: 'evil', 'x-key': 'evil', sid: 'evil' }, secrets)
    expect(JSON.stringify([request.url.href, request.headers])).not.toContain('evil')
  })

  it('and constants are not replaced by properties of an argument that become values of their own', () => {
    const parameters = [
      { name: 'q', in: 'query' },
      { name: 'ten ant', in: 'query', constant: 'mine' },
      { name: 'c', in: 'cookie' },
      { name: 'd', in: 'cookie', style: 'cookie' },
      { name: 'f', in: 'body', style: 'form' },
      { name: 'owner', in: 'body', constant: 'mine' },
    ] as const
    const evil = { api_key: 'evil', 'ten ant': 'evil', sid: 'evil', fine: 'fine' }
    const request = build(
      { method: 'POST', parameters: [...parameters], body: { content_type: 'application/x-www-form-urlencoded' } },
      { q: { ...evil, sid: 'fine' }, c: { sid: 'evil', fine: 'fine' }, d: { sid: 'evil' }, f: { owner: 'evil', a: 1 } },
      secrets,
    )
    expect(request.url.search).toBe('?sid=fine&fine=fine&ten%20ant=mine&api_key=a%2Bb%2F%3D')
    expect(header(request, 'cookie')).toBe('fine=fine; sid=c%3B1')
    expect(String(request.body)).toBe('a=1&owner=mine')
  })
})

describe('a body', () => {
  const field = (name: string, more: object = {}) => ({ name, in: 'body' as const, ...more })
  const form = { content_type: 'application/x-www-form-urlencoded' }

  it('is left out where nothing goes into it, unless it has to be there', () => {
    const json = { content_type: 'application/json' }
    expect(build({ method: 'POST', body: json, parameters: [field('a')] }).body).toBeUndefined()
    const required = build({ method: 'POST', body: { ...json, required: true }, parameters: [field('a')] })
    expect(required.body?.toString()).toBe('{}')
  })

  it('has constants, and null where it is given', () => {
    const parameters = [field('a'), field('b'), field('__proto__'), { ...field('k'), constant: { x: [1] } }]
    const args = JSON.parse('{"a":null,"__proto__":{"y":1}}') as Record<string, unknown>
    const request = build({ method: 'POST', body: { content_type: 'application/json' }, parameters }, args)
    expect(request.body?.toString()).toBe('{"a":null,"__proto__":{"y":1},"k":{"x":[1]}}')
  })

  it.each([
    [field('a', { style: 'spaceDelimited', explode: false }), ['x', 'y'], 'a=x%20y'],
    [field('a', { style: 'form', explode: false }), ['x', 'y'], 'a=x,y'],
    [field('a', { content_type: 'application/json' }), [1], 'a=%5B1%5D'],
    [field('a'), 'x y+z', 'a=x+y%2Bz'],
    [field('a', { style: 'deepObject' }), { b: { c: 'd e' } }, 'a%5Bb%5D%5Bc%5D=d+e'],
    [field('a', { style: 'form', explode: true }), { b: 1 }, 'b=1'],
  ])('is a form with %j', (parameter, value, text) => {
    expect(build({ method: 'POST', body: form, parameters: [parameter] }, { a: value }).body?.toString()).toBe(text)
  })

  it('has files in parts of their own', () => {
    const file = { type: 'string', format: 'binary' }
    const request = build(
      {
        method: 'POST',
        body: { content_type: 'multipart/form-data' },
        parameters: [
          field('one', { schema: file }),
          field('many', { schema: { type: 'array', items: file } }),
          field('typed', { schema: file, content_type: 'image/png, image/jpeg' }),
          field('ids', { schema: { type: 'array' } }),
          field('n"\r\n', { argument: 'n' }),
        ],
      },
      {
        one: 'aGk=',
        many: ['data:text/csv;name=a%20b.csv;base64,YSxi', 'data:,x%20y'],
        typed: 'data:image/jpeg;base64,AAEC',
        ids: [1, 'b'],
        n: 'v',
      },
    )
    const boundary = /boundary=(.*)$/.exec(header(request, 'content-type') ?? '')?.[1] ?? ''
    const parts = request.body?.toString('latin1').split(`--${boundary}`).slice(1, -1)
    const part = (disposition: string, type: string, body: string) =>
      `\r\ncontent-disposition: form-data; ${disposition}\r\n${type === '' ? '' : `content-type: ${type}\r\n`}\r\n${body}\r\n`
    expect(parts).toStrictEqual([
      part('name="one"; filename="one.bin"', 'application/octet-stream', 'hi'),
      part('name="many"; filename="a b.csv"', 'text/csv', 'a,b'),
      part('name="many"; filename="many.bin"', 'application/octet-stream', 'x y'),
      part('name="typed"; filename="typed.jpg"', 'image/jpeg', '\x00\x01\x02'),
      part('name="ids"', '', '1'),
      part('name="ids"', '', 'b'),
      part('name="n%22%0D%0A"', '', 'v'),
    ])
  })

  it('refuses a file that is none', () => {
    const parameters = [field('f', { schema: { type: 'string', format: 'binary' } })]
    const body = { content_type: 'multipart/form-data' }
    expect(() => build({ method: 'POST', body, parameters }, { f: 'hello, world' })).toThrow(/^f: is not base64/)
    expect(() => build({ method: 'POST', body, parameters }, { f: 7 })).toThrow(/^f: must be a file/)
    expect(() => build({ method: 'POST', body, parameters }, { f: 'data:text/plain' })).toThrow('without a comma')
    const forged = 'data:text/plain\r\nContent-Disposition: form-data; name="role"\r\n\r\nadmin,x'
    expect(() => build({ method: 'POST', body, parameters }, { f: forged })).toThrow('characters that no type has')
  })

  it.each([
    ['application/octet-stream', 'aGk=', 'application/octet-stream', 'hi'],
    ['image/*', 'data:image/png;base64,aGk=', 'image/png', 'hi'],
    ['text/csv', 'ä', 'text/csv; charset=utf-8', 'ä'],
    ['application/xml', '<a/>', 'application/xml', '<a/>'],
    ['application/x-ndjson', [{ a: 1 }, 2], 'application/x-ndjson', '{"a":1}\n2\n'],
    ['*/*', { a: 1 }, 'application/json', '{"a":1}'],
    ['application/vnd.api+json; ext="x"', [1], 'application/vnd.api+json; ext="x"', '[1]'],
    ['application/json', 'text', 'application/json', '"text"'],
    [form.content_type, { a: [1, 2], b: { c: 1 } }, form.content_type, 'a=1&a=2&b=%7B%22c%22%3A1%7D'],
  ])('is one value as %s', (content_type, value, type, text) => {
    const request = build({ method: 'POST', body: { content_type, schema: {} } }, { body: value })
    expect(header(request, 'content-type')).toBe(type)
    expect(request.body?.toString()).toBe(text)
  })
})
