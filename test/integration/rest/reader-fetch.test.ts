import type { IncomingHttpHeaders, RequestListener } from 'node:http'
import { describe, expect, it, vi } from 'vitest'
import { fetchDocument, type DocumentAccess } from '../../../src/main/rest/openapi/reading/fetch-document.ts'
import { OpenApiPreviews } from '../../../src/main/rest/openapi/preview-service.ts'
import { AppError } from '../../../src/main/base/app-error.ts'
import type { OpenApiPreview } from '../../../src/shared/contract/openapi.ts'
import { serveCounted } from '../../helpers/serve-http.ts'

const SPEC = '{"openapi":"3.1.0"}'
const never = () => new AbortController().signal

async function serve(answer: RequestListener) {
  const seen: { url: string; headers: IncomingHttpHeaders }[] = []
  const server = await serveCounted((request, response) => {
    seen.push({ url: request.url ?? '', headers: request.headers })
    answer(request, response)
  })
  return { ...server, seen }
}

function access(baseUrl: string): DocumentAccess {
  return {
    rest: { base_url: baseUrl, headers: { 'X-Tenant': 'a', Accept: 'text/plain', Host: 'evil' } },
    secrets: { headers: { Authorization: 'Bearer s3cret' }, query: { key: 'q3cret' }, cookies: { sid: 'c3cret' } },
  }
}

describe('a document at an address', () => {
  it('is fetched with the credentials of its own API', async () => {
    const api = await serve((_request, response) => response.end(SPEC))
    expect(await fetchDocument(`${api.origin}/openapi.json?v=2`, access(`${api.origin}/v1`), never())).toBe(SPEC)
    const [{ url, headers } = { url: '', headers: {} }] = api.seen
    expect(url).toBe('/openapi.json?v=2&key=q3cret')
    expect(headers).toMatchObject({ authorization: 'Bearer s3cret', 'x-tenant': 'a', cookie: 'sid=c3cret' })
    expect(headers.host).toBe(api.origin.slice('http://'.length))
    expect(headers.accept).toMatch(/^application\/json/)
  })

  it('is fetched without them from another origin', async () => {
    const other = await serve((_request, response) => response.end(SPEC))
    await fetchDocument(`${other.origin}/openapi.json`, access('https://api.example'), never())
    expect(JSON.stringify(other.seen)).not.toMatch(/3cret|x-tenant/i)
  })

  it('keeps them on a redirect to its own origin, and takes nothing to another', async () => {
    const api = await serve((request, response) =>
      request.url?.startsWith('/start') === true
        ? response.writeHead(302, { location: '/end' }).end()
        : response.end(SPEC),
    )
    await fetchDocument(`${api.origin}/start`, access(api.origin), never())
    expect(api.seen.map(({ headers }) => headers.authorization)).toEqual(['Bearer s3cret', 'Bearer s3cret'])
    const elsewhere = await serve((_request, response) => response.end('reached'))
    const away = await serve((_request, response) =>
      response.writeHead(307, { location: `${elsewhere.origin}/x` }).end(),
    )
    await expect(fetchDocument(away.origin, access(away.origin), never())).rejects.toMatchObject({
      code: 'invalid_input',
    })
    expect(elsewhere.connections()).toBe(0)
  })

  it.each([
    'http://169.254.169.254/latest/meta-data/',
    'https://169.254.169.254/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fe80::1]/',
    'file:///etc/passwd',
    'ftp://127.0.0.1/x',
    'gopher://127.0.0.1:1/',
    'http://user:pass@127.0.0.1/',
  ])('does not follow a redirect to %s', async (location) => {
    const api = await serve((_request, response) => response.writeHead(302, { location }).end())
    await expect(fetchDocument(api.origin, access(api.origin), never())).rejects.toMatchObject({
      code: 'invalid_input',
      details: [
        { path: 'url', message: expect.stringMatching(/refused|are not fetched|credentials in it/) as unknown },
      ],
    })
    expect(api.seen).toHaveLength(1)
  })

  it.each(['http://169.254.169.254/x', 'https://[fe80::1]/x', 'http://168.63.129.16/'])(
    'is not fetched from %s, though an admin named it',
    async (address) => {
      await expect(fetchDocument(address, undefined, never())).rejects.toThrow(/is refused/)
    },
  )

  it('names what went wrong, and not the address with its key', async () => {
    const api = await serve((_request, response) => response.writeHead(401).end())
    const failure = fetchDocument(`${api.origin}/x?token=hidden`, access(api.origin), never())
    await expect(failure).rejects.toThrow(/answered 401/)
    await expect(failure).rejects.not.toThrow(/hidden|3cret/)
  })

  it('is cut off above 32 MiB', async () => {
    const api = await serve((_request, response) => {
      const piece = Buffer.alloc(1024 * 1024, 0x20)
      const more = () => {
        while (!response.destroyed && response.write(piece));
      }
      response.on('drain', more)
      more()
    })
    await expect(fetchDocument(api.origin, undefined, never())).rejects.toThrow(/more than 33554432 bytes/)
  })

  it('is no longer waited for when the caller leaves', async () => {
    const api = await serve(() => undefined)
    const caller = new AbortController()
    const fetching = fetchDocument(api.origin, undefined, caller.signal)
    await vi.waitFor(() => expect(api.seen).toHaveLength(1))
    caller.abort(new Error('the caller left'))
    await expect(fetching).rejects.toThrow('the caller left')
  })
})

describe('a preview', () => {
  const empty = { base_url: '', servers: [], tools: [] } as unknown as OpenApiPreview
  const server = (url: string) => ({ url, template: url, description: '', variables: [] })
  const previewsOf = (preview: OpenApiPreview, fetched = SPEC) =>
    new OpenApiPreviews({
      reader: { preview: () => Promise.resolve(preview) },
      accessOf: () => access('https://api.example'),
      fetchDocument: () => Promise.resolve(fetched),
    })

  it.each([{}, { spec: SPEC, url: 'https://api.example/x' }])('takes a text or an address, not %j', async (given) => {
    await expect(previewsOf(empty).preview('default', given, never())).rejects.toMatchObject({
      code: 'invalid_input',
      details: [{ path: 'spec' }],
    })
  })

  it('says where its document came from', async () => {
    const previews = previewsOf(empty)
    expect((await previews.preview('default', { spec: SPEC }, never())).source).toEqual({
      kind: 'text',
      document: null,
    })
    const url = 'https://api.example/docs/openapi.json'
    expect((await previews.preview('default', { url }, never())).source).toEqual({ kind: 'url', url, document: SPEC })
  })

  it.each([
    ['', [], 'https://api.example'],
    ['/v1', ['/v1'], 'https://api.example/v1'],
    ['../v2', ['../v2'], 'https://api.example/v2'],
    ['https://other.example/', ['https://other.example/'], 'https://other.example'],
    ['', ['https://{host}.example'], ''],
  ])('with the base %j has a server below the address', async (base_url, urls, expected) => {
    const found = await previewsOf({ ...empty, base_url, servers: urls.map(server) }).preview(
      'default',
      { url: 'https://api.example/docs/openapi.json' },
      never(),
    )
    expect(found.base_url).toBe(expected)
  })

  it('of an address points at it when it can not be read', async () => {
    const refusal = new AppError('invalid_input', { message: 'no', details: [{ path: 'spec', message: 'no' }] })
    const previews = new OpenApiPreviews({
      reader: { preview: () => Promise.reject(refusal) },
      accessOf: () => access('https://api.example'),
      fetchDocument: () => Promise.resolve(SPEC),
    })
    await expect(previews.preview('default', { url: 'https://api.example/x' }, never())).rejects.toMatchObject({
      code: 'invalid_input',
      details: [{ path: 'url', message: 'no' }],
    })
  })
})
