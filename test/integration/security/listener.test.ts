import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestApp, type TestApp } from '../../helpers/start-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

/** Sends bytes as they are, and gives all that comes back until the server or the limit ends it. */
function raw(text: string, limitMs = 5_000): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(portOf(app)), '127.0.0.1')
    let answer = ''
    const timer = setTimeout(() => socket.destroy(), limitMs)
    socket.on('data', (chunk) => (answer += chunk.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      clearTimeout(timer)
      resolve(answer)
    })
    socket.write(text)
  })
}

async function statusOf(request: string): Promise<number> {
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(await raw(request))?.[1])
}

const paths = ['/', '/healthz', '/api/v1/status', '/api/v1/console/session', '/rpc/system/status', '/mcp', '/mcp/x']

describe('a request that no client library would send', () => {
  const own = () => `127.0.0.1:${portOf(app)}`
  /** With both tokens' door open: only the host decides. */
  const rest = () => `Authorization: Bearer ${app.adminToken}\r\nConnection: close\r\n\r\n`

  it.each(paths)('is refused without a Host, or with one that only looks like ours: %s', async (path) => {
    expect(await statusOf(`GET ${path} HTTP/1.0\r\n${rest()}`)).toBe(403)
    expect(await statusOf(`GET ${path} HTTP/1.1\r\n${rest()}`)).toBe(400)
    for (const host of [
      '',
      '127.0.0.1',
      `localhost.:${portOf(app)}`,
      `x@${own()}`,
      `2130706433:${portOf(app)}`,
      `0.0.0.0:${portOf(app)}`,
      `[::ffff:127.0.0.1]:${portOf(app)}`,
      `${own()}.evil.example`,
      `evil.example#${own()}`,
    ]) {
      expect(await statusOf(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${rest()}`), host).toBe(403)
    }
  })

  it.each(paths)('is judged by its Host, not by an absolute address: %s', async (path) => {
    expect(await statusOf(`GET http://${own()}${path} HTTP/1.1\r\nHost: evil.example\r\n${rest()}`)).toBe(403)
    const absolute = `GET http://evil.example${path} HTTP/1.1\r\nHost: ${own()}\r\n`
    expect(await statusOf(`${absolute}${rest()}`)).toBe(404)
    expect(await statusOf(`${absolute}Origin: http://evil.example\r\n${rest()}`)).toBe(403)
  })

  it('with two Hosts is judged by the first, as everything behind it', async () => {
    expect(await statusOf(`GET /api/v1/status HTTP/1.1\r\nHost: evil.example\r\nHost: ${own()}\r\n${rest()}`)).toBe(403)
  })

  it.each([
    [
      'an upgrade',
      'GET /api/v1/status HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\nHost: evil.example',
      403,
    ],
    ['a method of proxies', 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22', NaN],
    ['two lengths', 'POST /mcp HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked', 400],
    ['a folded header', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-A: a\r\n b', 400],
  ])('%s gets nowhere', async (_what, head, status) => {
    expect(await statusOf(`${head}\r\nConnection: close\r\n\r\n`)).toBe(status)
  })

  it.each(['/api/v1/../../rpc/system/status', '/x/../api/v1/status', '//api/v1/status', '/%61pi/v1/status'])(
    'reaches no operation without a token by the path %s',
    async (path) => {
      const status = await statusOf(`GET ${path} HTTP/1.1\r\nHost: ${own()}\r\nConnection: close\r\n\r\n`)
      expect([401, 404]).toContain(status)
    },
  )
})

it('two hundred connections that send a letter now and then hold up nobody, and are cut', async () => {
  const slow = Array.from({ length: 200 }, () => raw('GET /healthz HTTP/1.1\r\nHost: ', 30_000))
  const started = performance.now()
  const answer = await Promise.race([fetch(`${app.origin}/healthz`), ...slow])
  expect(answer).toMatchObject({ status: 200 })
  for (const cut of await Promise.all(slow)) expect(cut).toMatch(/^HTTP\/1\.1 408 /)
  expect(performance.now() - started).toBeLessThan(20_000)
}, 40_000)

it('a code that twenty browsers send at once is good for one of them', async () => {
  const [, code = ''] = app.urls.console_url().split('#code=')
  const body = JSON.stringify({ code })
  const headers = { 'content-type': 'application/json' }
  const exchange = () => fetch(`${app.origin}/api/v1/console/session`, { method: 'POST', headers, body })
  const statuses = (await Promise.all(Array.from({ length: 20 }, exchange))).map(({ status }) => status)
  expect(statuses.filter((status) => status === 201)).toHaveLength(1)
  expect(statuses.filter((status) => status === 401)).toHaveLength(19)
})

function portOf({ urls }: TestApp): string {
  return new URL(urls.mcp_url).port
}
