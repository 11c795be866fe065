import { mkdir, mkdtemp, symlink, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createRouter } from '../../../src/main/api/router.ts'
import { ApiDoor } from '../../../src/main/http/api-door.ts'
import { ConsoleDoor } from '../../../src/main/http/console-door.ts'
import { ConsoleSessions } from '../../../src/main/http/console-sessions.ts'
import { fakeServices, weather } from '../../helpers/fake-services.ts'

const adminToken = `gha_${'a'.repeat(43)}`
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
const sessions = new ConsoleSessions()
const logged: unknown[] = []
const log = { error: (...line: unknown[]) => void logged.push(line) }
let streamEnded = 0
const services = fakeServices({
  vault: { ...fakeServices().vault, state: () => Promise.reject(new Error('/home/alice/vault')) },
  events: {
    async *subscribe(_workspace, signal) {
      try {
        yield { type: 'integration_changed', integration: weather }
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }))
      } finally {
        streamEnded += 1
      }
    },
  },
})

let url = ''
let apiDoor: ApiDoor
let consoleDir = ''
const server = createServer((request, response) => {
  void (async () => {
    for (const door of [apiDoor, consoleDoor]) if (await door.handle(request, response)) return
    throw new Error(`no door for ${request.url}`)
  })()
})
let consoleDoor: ConsoleDoor

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-console-'))
  consoleDir = join(folder, 'renderer')
  await mkdir(join(consoleDir, 'assets'), { recursive: true })
  await writeFile(join(consoleDir, 'index.html'), '<!doctype html><title>Gatehouse</title>')
  await writeFile(join(consoleDir, 'assets', 'index-abc123.js'), 'export {}')
  await writeFile(join(folder, 'secret.txt'), 'outside')
  await symlink(join(folder, 'secret.txt'), join(consoleDir, 'link.txt'))
  apiDoor = new ApiDoor({ router: createRouter(services, log), adminToken, sessions, version: '1.2.3', log })
  consoleDoor = new ConsoleDoor({ consoleDir, sessions, log })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

function call(path: string, init: RequestInit = {}, headers: Record<string, string> = {}) {
  return fetch(url + path, { ...init, headers: { authorization: `Bearer ${adminToken}`, ...headers } })
}

function post(path: string, body: unknown, headers: Record<string, string> = {}) {
  const init = { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) }
  return call(path, init, { 'content-type': 'application/json', ...headers })
}

/** By node:http, which sends the path as it is: fetch would tidy it first. */
async function rawGet(path: string, headers: Record<string, string> = {}) {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(url, { path, headers }, resolve).on('error', reject).end()
  })
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

async function expectError(response: Response, status: number, code: string) {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(response.headers.get('access-control-allow-origin')).toBeNull()
  const body = (await response.json()) as { error: { code: string; message: string; details: unknown[] } }
  expect(Object.keys(body)).toEqual(['error'])
  expect(Object.keys(body.error)).toEqual(['code', 'message', 'details'])
  expect(body.error.code).toBe(code)
  return body.error
}

describe('/api/v1', () => {
  it('answers an operation to the admin token', async () => {
    const response = await call('/api/v1/integrations/weather')
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.json()).toEqual(weather)
  })

  it('creates with 201 and deletes with 204', async () => {
    const created = await post('/api/v1/integrations', {
      name: 'new-one',
      mcp: { transport: 'http', server_url: 'https://x.example' },
    })
    expect(created.status).toBe(201)
    const removed = await call('/api/v1/integrations/weather', { method: 'DELETE' })
    expect(removed.status).toBe(204)
    expect(await removed.text()).toBe('')
  })

  it.each([
    ['no token', ''],
    ['another scheme', `Basic ${adminToken}`],
    ["an agent's token", `Bearer ghk_${'b'.repeat(43)}`],
    ['a token that is one letter short', `Bearer ${adminToken.slice(0, -1)}`],
  ])('refuses %s with 401', async (_what, authorization) => {
    for (const path of ['/api/v1/integrations', '/api/v1/openapi.json', '/api/v1/nothing', '/rpc/integrations/list']) {
      const response = await call(path, {}, { authorization })
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
      expect(response.status).toBe(401)
    }
    await expectError(await call('/api/v1/integrations', {}, { authorization }), 401, 'unauthorized')
  })

  it.each(['https://evil.example', 'null', 'http://localhost:1'])('refuses the origin %s with 403', async (origin) => {
    await expectError(await call('/api/v1/integrations', {}, { origin }), 403, 'forbidden')
    expect((await call('/rpc/integrations/list', { method: 'POST' }, { origin })).status).toBe(403)
    await expectError(await post('/api/v1/console/session', { code: 'x' }, { origin }), 403, 'forbidden')
  })

  it('takes its own origin, without CORS headers', async () => {
    const response = await call('/api/v1/integrations', {}, { origin: url })
    expect(response.status).toBe(200)
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('answers a preflight without any permission', async () => {
    const response = await fetch(`${url}/api/v1/integrations`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example' },
    })
    expect(response.status).toBe(403)
    expect([...response.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('answers 404 for an unknown path and 405 with Allow for another method', async () => {
    await expectError(await call('/api/v1/nothing'), 404, 'not_found')
    const response = await call('/api/v1/integrations/weather', { method: 'PUT' })
    expect(response.headers.get('allow')?.split(', ').sort()).toEqual(['DELETE', 'GET', 'PATCH'])
    await expectError(response, 405, 'method_not_allowed')
  })

  it('answers 404 for a workspace that does not exist', async () => {
    await expectError(await call('/api/v1/integrations', {}, { 'gatehouse-workspace': 'nowhere' }), 404, 'not_found')
  })

  it('names the field that is not valid', async () => {
    const input = { name: 'Weather', mcp: { transport: 'http', server_url: 'nope' } }
    const error = await expectError(await post('/api/v1/integrations', input), 422, 'invalid_input')
    expect(error.details).toEqual([
      { path: 'name', message: 'Use lowercase letters, digits and hyphens.' },
      { path: 'mcp.server_url', message: expect.any(String) as string },
    ])
  })

  it('names an unknown query parameter', async () => {
    const error = await expectError(await call('/api/v1/tools?quary=x'), 422, 'invalid_input')
    expect(error.details).toEqual([{ path: 'quary', message: 'There is no such field.' }])
  })

  it.each(['{"name":', '[]', '"text"', 'null', '\u0000'])('answers 400 for the body %j', async (body) => {
    await expectError(await post('/api/v1/integrations', body), 400, 'bad_request')
    await expectError(await post('/api/v1/integrations/weather/enable', body), 400, 'bad_request')
  })

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'answers 415 for %s',
    async (type) => {
      const response = await post('/api/v1/integrations', '{}', { 'content-type': type })
      await expectError(response, 415, 'unsupported_media_type')
    },
  )

  it('answers 413 above 16 MiB, announced or not, and reads what is below', async () => {
    const large = JSON.stringify({ passphrase: 'x'.repeat(16 * 1024 * 1024) })
    await expectError(await post('/api/v1/vault/unlock', large), 413, 'too_large')
    const stream = new Blob([large]).stream()
    const chunked = await call(
      '/api/v1/vault/unlock',
      { method: 'POST', body: stream, duplex: 'half' } as RequestInit,
      { 'content-type': 'application/json' },
    )
    await expectError(chunked, 413, 'too_large')
    const fitting = JSON.stringify({ passphrase: 'x'.repeat(15 * 1024 * 1024) })
    await expectError(await post('/api/v1/vault/unlock', fitting), 422, 'invalid_input')
  })

  it.each([
    ['{"a":', 'Unexpected end of JSON input'],
    ['[1]', 'It is another value'],
  ])('names arguments that are no JSON object: %s', async (json, reason) => {
    const body = JSON.stringify({ name: 'weather__now', arguments_json: json })
    const error = await expectError(await post('/api/v1/tools/run', body), 422, 'invalid_input')
    expect(error.message).toBe(`The arguments must be a JSON object: ${reason}.`)
    expect(error.details).toMatchObject([{ path: 'arguments_json' }])
  })

  it('keeps the words of an unknown fault to the log', async () => {
    logged.length = 0
    const error = await expectError(await call('/api/v1/vault'), 500, 'internal')
    expect(error.message).not.toContain('alice')
    expect(logged).toHaveLength(1)
  })

  it('describes itself', async () => {
    const response = await call('/api/v1/openapi.json')
    const document = (await response.json()) as { openapi: string; servers: unknown; info: { version: string } }
    expect(document.openapi).toMatch(/^3\.1/)
    expect(document.info.version).toBe('1.2.3')
    expect(document.servers).toEqual([{ url: `${url}/api/v1` }])
  })

  it('streams changes as server-sent events and ends with its reader', async () => {
    const before = streamEnded
    const abort = new AbortController()
    const response = await call('/api/v1/stream', { signal: abort.signal })
    expect(response.headers.get('content-type')).toBe('text/event-stream')
    let received = ''
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      received += Buffer.from(chunk).toString()
      if (received.includes('\n\n') && received.includes('data:')) break
    }
    expect(received).toMatch(/event: message\ndata: \{"type":"integration_changed"/)
    abort.abort()
    await expect.poll(() => streamEnded).toBe(before + 1)
  })

  it('ends open streams when it closes', async () => {
    const response = await call('/api/v1/stream')
    const reading = response.text()
    apiDoor.endStreams()
    await expect(reading).rejects.toThrow()
  })
})

describe('/rpc', () => {
  it('answers errors in its own envelope', async () => {
    const response = await post('/rpc/integrations/get', { json: { name: 'nothing' } })
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({
      json: { defined: true, code: 'not_found', status: 404, data: { details: [] } },
    })
    const refused = await call('/rpc/integrations/get', { method: 'POST' }, { authorization: '' })
    expect(await refused.json()).toMatchObject({ json: { code: 'unauthorized', status: 401 } })
  })

  it('answers 404 for an operation that does not exist and 400 for a body that does not decode', async () => {
    expect((await post('/rpc/integrations/explode', {})).status).toBe(404)
    expect((await post('/rpc/integrations/get', { json: {}, meta: 5 })).status).toBe(400)
  })
})

describe('console', () => {
  it('exchanges a code once for a session that the API takes', async () => {
    const body = { code: sessions.createCode() }
    const answer = await fetch(`${url}/api/v1/console/session`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', origin: url },
    })
    expect(answer.status).toBe(201)
    const { token, expires_at } = (await answer.json()) as { token: string; expires_at: string }
    expect(Date.parse(expires_at)).toBeGreaterThan(Date.now() + 11 * 3_600_000)
    const authorization = `Bearer ${token}`
    expect((await call('/api/v1/integrations', {}, { authorization, origin: url })).status).toBe(200)
    await expectError(await post('/api/v1/console/session', body), 401, 'unauthorized')
  })

  it.each([{}, { code: 5 }, { code: '' }, { code: 'x'.repeat(100) }])('refuses the code in %j', async (body) => {
    await expectError(await post('/api/v1/console/session', body), 401, 'unauthorized')
  })

  it('refuses other methods on the exchange', async () => {
    await expectError(await call('/api/v1/console/session'), 405, 'method_not_allowed')
  })

  it('serves the page with the content security policy and without a cache', async () => {
    for (const path of ['/', '/index.html', '/?from=tray']) {
      const response = await fetch(url + path)
      expect(response.status, path).toBe(200)
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(response.headers.get('content-security-policy')).toBe(contentSecurityPolicy)
      expect(response.headers.get('x-content-type-options')).toBe('nosniff')
      expect(response.headers.get('cache-control')).toBe('no-store')
      expect(await response.text()).toContain('<title>Gatehouse</title>')
    }
  })

  it('serves hashed files for ever and answers HEAD', async () => {
    const response = await fetch(`${url}/assets/index-abc123.js`)
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    const head = await fetch(`${url}/assets/index-abc123.js`, { method: 'HEAD' })
    expect(head.headers.get('content-length')).toBe('9')
    expect(await head.text()).toBe('')
  })

  it.each([
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/assets%2f..%2f..%2fsecret.txt',
    '/secret.txt%00.js',
    '/link.txt',
    '//secret.txt',
    '/%zz.txt',
    '/assets',
    '/nothing.html',
  ])('does not leave its folder for %s', async (path) => {
    const { status, body } = await rawGet(path)
    expect([400, 404]).toContain(status)
    expect(body).not.toContain('outside')
  })

  it('refuses to change anything by other methods', async () => {
    await expectError(await call('/', { method: 'POST' }), 405, 'method_not_allowed')
  })

  it('says so where it is not built', async () => {
    const door = new ConsoleDoor({ consoleDir: join(consoleDir, 'missing'), sessions, log })
    const unbuilt = createServer((request, response) => void door.handle(request, response))
    await new Promise<void>((resolve) => unbuilt.listen(0, '127.0.0.1', resolve))
    const response = await fetch(`http://127.0.0.1:${(unbuilt.address() as AddressInfo).port}/`)
    expect((await expectError(response, 404, 'not_found')).message).toContain('npm run build')
    unbuilt.closeAllConnections()
    unbuilt.close()
  })
})
