import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { doors, startTestApp, type TestApp } from '../../helpers/start-app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

const holder = fileURLToPath(new URL('lease-holder.ts', import.meta.url))

/** As an agent would open with it. */
async function initialize(token: string | undefined): Promise<{ status: number; session: string | null }> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } }
  const response = await fetch(app.urls.mcp_url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token ?? ''}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
  })
  await response.text()
  return { status: response.status, session: response.headers.get('mcp-session-id') }
}

/** The status that a request in this session gets. */
async function ping(token: string | undefined, session: string | null): Promise<number> {
  const response = await fetch(app.urls.mcp_url, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token ?? ''}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-session-id': session ?? '',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'ping' }),
  })
  await response.text()
  return response.status
}

async function hold(name: string) {
  const child = spawn(process.execPath, [holder, app.urls.api_url, app.adminToken, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await exited
  })
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, exited, token: chunk.toString().trim() }
}

describe('a leased token over HTTP', () => {
  it('works while its holder lives, and ends with it, by kill -9 too', async () => {
    const first = await hold('bridge')
    const second = await hold('bridge')
    const { status, session } = await initialize(first.token)
    expect(status).toBe(200)
    expect(await ping(first.token, session)).toBe(200)
    const other = await initialize(second.token)
    // A session belongs to the token that made it.
    expect(await ping(second.token, session)).toBe(404)

    first.child.kill('SIGKILL')
    await first.exited
    await expect.poll(() => ping(first.token, session), { timeout: 30_000 }).toBe(401)
    expect(await ping(second.token, other.session)).toBe(200)
    expect((await initialize(app.agentToken)).status).toBe(200)
    const agents = (await app.client().agents.list()).items
    expect(agents.map(({ name }) => name)).toEqual(['bridge', 'default'])
    expect(agents[0]?.last_seen_at).not.toBeNull()
  })

  it('is not good for the admin API, and only the admin gets one', async () => {
    const { token } = await hold('bridge')
    const lease = (authorization: string) =>
      fetch(`${app.urls.api_url}/agents/lease`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ name: 'mine' }),
      })
    for (const bearer of [token, app.agentToken ?? '']) {
      const response = await lease(`Bearer ${bearer}`)
      expect(response.status).toBe(401)
      await response.text()
    }
  })

  it('is refused with a status, not with a stream, for a name that is none', async () => {
    const response = await fetch(`${app.urls.api_url}/agents/lease`, {
      method: 'POST',
      headers: { authorization: `Bearer ${app.adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'x'.repeat(65) }),
    })
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ error: { code: 'invalid_input', details: [{ path: 'name' }] } })
  })
})

// The client over plain HTTP reads whole answers, and this one has no end.
describe.each(doors.filter((door) => door !== 'http'))('a lease through the door "%s"', (door) => {
  it('ends when its reader leaves', async () => {
    const abort = new AbortController()
    const stream = await app.client(door).agents.lease({ name: `lease ${door}` }, { signal: abort.signal })
    const first = await stream.next()
    const token = first.done ? undefined : first.value.token
    expect((await initialize(token)).status).toBe(200)
    const end = stream.next()
    abort.abort()
    await end.catch(() => undefined)
    await expect.poll(async () => (await initialize(token)).status).toBe(401)
  })
})
