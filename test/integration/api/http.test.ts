import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../../helpers/start-app.ts'

let app: TestApp
let port: number
beforeAll(async () => {
  app = await startTestApp()
  port = Number(new URL(app.origin).port)
})
afterAll(() => app.close())

/** By node:http, which lets us lie about the Host. */
async function send(path: string, headers: Record<string, string>, method = 'GET') {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    httpRequest(app.origin, { path, method, headers }, resolve).on('error', reject).end()
  })
  return { status: response.statusCode, headers: response.headers, body: await text(response) }
}

const paths = [
  '/',
  '/index.html',
  '/healthz',
  '/api/v1/status',
  '/api/v1/openapi.json',
  '/api/v1/console/session',
  '/rpc/system/status',
  '/mcp',
  '/mcp/x',
  '/callback',
]

describe('the listener of the real app', () => {
  it.each(paths)('refuses a foreign Host on %s, with the best token', async (path) => {
    for (const host of ['evil.example', `evil.example:${port}`, `127.0.0.1:${port + 1}`, '127.0.0.1.evil.example']) {
      const { status } = await send(path, { host, authorization: `Bearer ${app.adminToken}` })
      expect(status, host).toBe(403)
    }
  })

  it.each(paths)('gives no origin a permission on %s', async (path) => {
    const headers = { origin: 'https://evil.example', authorization: `Bearer ${app.adminToken}` }
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await send(path, headers, method)
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
      if (path !== '/healthz') expect(answer.status, method).toBe(403)
    }
  })

  it('keeps the two kinds of token apart', async () => {
    const agent = { authorization: `Bearer ${app.agentToken}` }
    const admin = { authorization: `Bearer ${app.adminToken}` }
    for (const path of ['/api/v1/status', '/api/v1/openapi.json', '/rpc/system/status']) {
      expect((await send(path, agent)).status, path).toBe(401)
      expect((await send(path, admin)).status, path).toBe(200)
    }
    expect((await send('/mcp', admin, 'POST')).status).toBe(401)
  })

  it('signs a browser in by the address that it prints', async () => {
    const [page = '', code = ''] = app.urls.console_url().split('#code=')
    expect(page).toBe(`${app.origin}/`)
    const answer = await fetch(`${app.origin}/api/v1/console/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: app.origin },
      body: JSON.stringify({ code }),
    })
    const { token } = (await answer.json()) as { token: string }
    const status = await fetch(`${app.urls.api_url}/status`, {
      headers: { authorization: `Bearer ${token}`, origin: app.origin },
    })
    expect(status.status).toBe(200)
    expect((await send('/mcp', { authorization: `Bearer ${token}` }, 'POST')).status).toBe(401)
  })

  it('ends open event streams when it closes, without waiting for their readers', async () => {
    const closing = await startTestApp()
    const headers = { authorization: `Bearer ${closing.adminToken}` }
    const stream = await fetch(`${closing.urls.api_url}/stream`, { headers })
    const ended = expect(stream.text()).rejects.toThrow()
    const start = performance.now()
    await closing.close()
    await ended
    expect(performance.now() - start).toBeLessThan(4_000)
  })

  it('answers half a request line with an error, and goes on', async () => {
    const socket = connect(port, '127.0.0.1')
    socket.end('GET /api/v1/status HTTP/9.9\r\n\r\n')
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 /)
    expect((await send('/healthz', {})).status).toBe(200)
  })
})
