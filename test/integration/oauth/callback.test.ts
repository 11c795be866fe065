import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { OAuthDoor } from '../../../src/main/http/oauth-door.ts'
import { HttpServer } from '../../../src/main/http/server.ts'
import type { CallbackOutcome } from '../../../src/main/oauth/callbacks.ts'
import { Redirects } from '../../../src/main/oauth/redirects.ts'
import { log } from '../../helpers/gateway-fixture.ts'
import { serveCounted } from '../../helpers/serve-http.ts'

const integration = { workspace: 'default', slug: 'github', title: 'Git <b>Hub</b>' }
const SIGNED_IN: CallbackOutcome = { ok: true, integration, message: 'Signed in to Git <b>Hub</b>.' }
/** As a client has it. */
const OWN = '0a'.repeat(16)
const QUERY = '?code=the-code-itself&state=<script>alert(1)</script>&error_description=words-of-the-server'

function takes(outcome: CallbackOutcome) {
  const taken: string[] = []
  const take = (url: URL) => {
    taken.push(url.href)
    return Promise.resolve(outcome)
  }
  return { callbacks: { take }, taken }
}

async function startDoor({ outcome = SIGNED_IN, deepLinks = false } = {}) {
  const { callbacks, taken } = takes(outcome)
  const doors = [new OAuthDoor({ callbacks, deepLinks })]
  const server = new HttpServer({ host: '127.0.0.1', port: 0, allowedHosts: [], doors, log })
  await server.listen()
  onTestFinished(() => server.close(0))
  return { origin: `http://127.0.0.1:${server.port}`, port: server.port, taken }
}

/** With any Host header, which `fetch` does not let one write. */
async function getWithHost(port: number, path: string, host: string): Promise<number | undefined> {
  const request = httpRequest({ port, host: '127.0.0.1', path, headers: { host } }).end()
  const [response] = (await once(request, 'response')) as [{ statusCode?: number; resume(): void }]
  response.resume()
  return response.statusCode
}

describe('GET /oauth/callback', () => {
  it('takes the browser back, and ends on a page that says what to do next', async () => {
    const { origin, taken } = await startDoor()
    const response = await fetch(`${origin}/oauth/callback${QUERY}`)
    expect(response.status).toBe(200)
    const page = await response.text()
    expect(page).toContain('<h1>Signed in to Git &lt;b&gt;Hub&lt;/b&gt;.</h1>')
    expect(page).toContain('You can close this tab now')
    expect(taken).toEqual([new URL(`${origin}/oauth/callback${QUERY}`).href])
  })

  it('takes it back at the path of a client as well, and at no other below', async () => {
    const { origin, taken } = await startDoor()
    expect((await fetch(`${origin}/oauth/callback/${OWN}${QUERY}`)).status).toBe(200)
    expect(taken).toEqual([new URL(`${origin}/oauth/callback/${OWN}${QUERY}`).href])
    for (const path of ['/', '/more', `/${OWN.toUpperCase()}`, `/${OWN}/`, `/${OWN}/more`, `/%30${OWN.slice(1)}`]) {
      expect((await fetch(`${origin}/oauth/callback${path}`)).status).toBe(404)
    }
    expect(taken).toHaveLength(1)
  })

  it('repeats nothing of its address, runs nothing, is kept by nobody, and tells nobody where it was', async () => {
    const { origin } = await startDoor({ outcome: { ok: false, message: 'This sign-in is not known.' } })
    const response = await fetch(`${origin}/oauth/callback${QUERY}`)
    expect(response.status).toBe(400)
    const page = await response.text()
    expect(page).toContain('This sign-in is not known.')
    expect(page).not.toMatch(/the-code-itself|alert|words-of-the-server|<script|http-equiv/)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    expect(response.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'$/,
    )
  })

  it('leads back to the application where links come to it, by itself only when it went well', async () => {
    const done = await startDoor({ deepLinks: true })
    const page = await (await fetch(`${done.origin}/oauth/callback${QUERY}`)).text()
    expect(page).toContain('<meta http-equiv="refresh" content="0;url=gatehouse://integration/github">')
    expect(page).toContain('<a href="gatehouse://integration/github">Open Gatehouse</a>')
    const failed = await startDoor({ deepLinks: true, outcome: { ok: false, integration, message: 'It was refused.' } })
    const failure = await (await fetch(`${failed.origin}/oauth/callback${QUERY}`)).text()
    expect(failure).not.toContain('http-equiv="refresh"')
    expect(failure).toContain('<a href="gatehouse://integration/github">')
    const elsewhere = { ok: true, integration: { ...integration, workspace: 'team-b' }, message: 'Signed in.' }
    const other = await startDoor({ deepLinks: true, outcome: elsewhere })
    const answer = await (await fetch(`${other.origin}/oauth/callback${QUERY}`)).text()
    expect(answer).toContain('<a href="gatehouse://integration/github?workspace=team-b">')
  })

  it.each([
    ['HEAD', { method: 'HEAD' }, 405],
    ['POST', { method: 'POST', body: 'state=x' }, 405],
    ['a picture in a page', { headers: { 'sec-fetch-dest': 'image' } }, 400],
    ['a frame', { headers: { 'sec-fetch-dest': 'iframe' } }, 400],
    ['what looks ahead', { headers: { 'sec-purpose': 'prefetch;prerender' } }, 400],
  ])('is used up by nothing but a page that is gone to: %s', async (_what, init, status) => {
    const { origin, taken } = await startDoor()
    const response = await fetch(`${origin}/oauth/callback${QUERY}`, init)
    expect(response.status).toBe(status)
    expect(taken).toEqual([])
  })

  it('is not there under a name of somebody else', async () => {
    const { port, taken } = await startDoor()
    expect(await getWithHost(port, '/oauth/callback?state=x', 'evil.example')).toBe(403)
    expect(await getWithHost(port, '//evil.example/oauth/callback?state=x', `127.0.0.1:${port}`)).toBe(404)
    expect(taken).toEqual([])
  })

  it('counts by the port that was connected to, whatever the Host header says', async () => {
    const { port, taken } = await startDoor()
    expect(await getWithHost(port, '/oauth/callback?state=x', `localhost:${port}`)).toBe(200)
    expect(taken).toEqual([`http://127.0.0.1:${port}/oauth/callback?state=x`])
  })
})

describe('the metadata of the gateway as a protected resource', () => {
  it.each(['', '/mcp', '/mcp/github', '/mcp/no-such-integration'])('says how agents sign in: %s', async (endpoint) => {
    const { origin } = await startDoor()
    const response = await fetch(`${origin}/.well-known/oauth-protected-resource${endpoint}`)
    expect(response.status).toBe(200)
    const metadata = (await response.json()) as Record<string, unknown>
    expect(metadata).toMatchObject({ resource: origin + endpoint, bearer_methods_supported: ['header'] })
    expect(metadata).not.toHaveProperty('authorization_servers')
    expect(metadata.resource_name).toContain('token made in Gatehouse')
  })

  it('is there for its endpoints only, and only to be read', async () => {
    const { origin } = await startDoor()
    const metadata = `${origin}/.well-known/oauth-protected-resource`
    expect((await fetch(`${metadata}/api`)).status).toBe(404)
    expect((await fetch(`${metadata}/mcp/..%2f"`)).status).toBe(404)
    expect((await fetch(metadata, { method: 'POST' })).status).toBe(405)
  })
})

/** A port that nothing listens on. */
async function freePort(): Promise<number> {
  const server = new HttpServer({ host: '127.0.0.1', port: 0, allowedHosts: [], doors: [], log })
  const port = await server.listen()
  await server.close(0)
  return port
}

function redirectsOf(gateway = { port: 7420, host: '127.0.0.1' }) {
  const { callbacks, taken } = takes(SIGNED_IN)
  const redirects = new Redirects({ gateway, callbacks, deepLinks: false, log })
  onTestFinished(() => redirects.close())
  return { redirects, taken }
}

describe('a redirect URI', () => {
  it('is the address of the gateway, a port of its own, or a link', () => {
    const gateway = { port: 7420, host: '127.0.0.1' }
    const { redirects } = redirectsOf(gateway)
    expect(redirects.uriFor({ redirect: 'loopback' })).toBe('http://127.0.0.1:7420/oauth/callback')
    expect(redirects.uriFor({ redirect: 'loopback', redirect_port: 9000 })).toBe('http://127.0.0.1:9000/oauth/callback')
    expect(redirects.uriFor({ redirect: 'deep_link', redirect_port: 9000 })).toBe('gatehouse://oauth/callback')
    gateway.port = 7421
    expect(redirects.uriFor({ redirect: 'loopback' })).toBe('http://127.0.0.1:7421/oauth/callback')
  })

  it('with a port of its own is listened on while a sign-in waits, for all that share it', async () => {
    const { redirects, taken } = redirectsOf()
    const port = await freePort()
    const uri = redirects.uriFor({ redirect: 'loopback', redirect_port: port })
    const [one, other] = await Promise.all([redirects.open(uri), redirects.open(uri)])
    await one.close()
    await one.close()
    const response = await fetch(`${uri}?state=x`)
    expect(response.status).toBe(200)
    expect(await response.text()).toContain('Signed in to')
    expect(taken).toEqual([`${uri}?state=x`])
    await other.close()
    await expect(fetch(uri)).rejects.toThrow()
    // And again, at once.
    const again = await redirects.open(uri)
    expect((await fetch(`${uri}?state=y`)).status).toBe(200)
    await again.close()
  })

  it('is not listened on twice: the gateway is there already, and a link goes to nobody', async () => {
    const { port } = await serveCounted((_request, response) => response.end('the gateway'))
    const { redirects } = redirectsOf({ port, host: '127.0.0.1' })
    const gateway = await redirects.open(`http://127.0.0.1:${port}/oauth/callback`)
    const link = await redirects.open('gatehouse://oauth/callback')
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('the gateway')
    await Promise.all([gateway.close(), link.close()])
  })

  it('is listened on where the gateway itself does not have 127.0.0.1', async () => {
    const port = await freePort()
    const { redirects } = redirectsOf({ port, host: '192.0.2.1' })
    const opened = await redirects.open(`http://127.0.0.1:${port}/oauth/callback`)
    expect((await fetch(`http://127.0.0.1:${port}/oauth/callback?state=x`)).status).toBe(200)
    await opened.close()
  })

  it('whose port another program has is an error that names it, and works when it is free', async () => {
    const { redirects } = redirectsOf()
    const taken = await serveCounted((_request, response) => response.end())
    const uri = `http://127.0.0.1:${taken.port}/oauth/callback`
    await expect(redirects.open(uri)).rejects.toMatchObject({
      code: 'in_use',
      message: expect.stringContaining(`Port ${taken.port}`) as string,
    })
    const free = await freePort()
    await (await redirects.open(`http://127.0.0.1:${free}/oauth/callback`)).close()
  })

  it('answers nothing but the callback, under no other name, and hears nobody out who says nothing', async () => {
    const { redirects, taken } = redirectsOf()
    const port = await freePort()
    const opened = await redirects.open(`http://127.0.0.1:${port}/oauth/callback`)
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404)
    expect((await fetch(`http://127.0.0.1:${port}/oauth/callback/more`)).status).toBe(404)
    expect((await fetch(`http://127.0.0.1:${port}/oauth/callback/${OWN}`, { method: 'HEAD' })).status).toBe(405)
    expect(await getWithHost(port, '/oauth/callback?state=x', `localhost:${port}`)).toBe(403)
    expect(await getWithHost(port, '/oauth/callback?state=x', 'evil.example')).toBe(403)
    expect(taken).toEqual([])
    const silent = connect(port, '127.0.0.1')
    await once(silent, 'connect')
    const ended = once(silent, 'close')
    silent.on('error', () => undefined).resume()
    await opened.close()
    await ended
  })
})
