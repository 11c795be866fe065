import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { serveCounted } from '../../helpers/serve-http.ts'
import { machine, startLife, startServers } from './life-fixture.ts'

let servers: Awaited<ReturnType<typeof startServers>>

beforeAll(async () => {
  servers = await startServers()
  return () => servers.stop()
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

const isListenedOn = (url: URL) =>
  fetch(new URL('/', url)).then(
    () => true,
    () => false,
  )

describe('a sign-in at a real authorization server', () => {
  it('goes from a refused call to one that works, over the browser and the page of the gateway', async () => {
    const life = await startLife(servers)
    await expect(life.call()).rejects.toMatchObject({ code: 'authorization_required' })
    expect(await life.signIn()).toBe(200)
    expect(await life.call()).toBe(200)
    expect(life.keeper().status()).toMatchObject({
      state: 'signed_in',
      issuer: life.as.issuer,
      registration: 'dynamic',
      renews: true,
      problem: null,
    })
    expect(life.told).toEqual({ needed: [], granted: 1 })
    const { grant, client } = life.stored.records
    expect(grant?.accessToken).toBeTruthy()
    for (const secret of [grant?.accessToken, grant?.refreshToken]) expect(life.log()).not.toContain(secret)
    expect(client?.redirectUris).toHaveLength(1)
  })

  it('that began before a restart is finished after it', async () => {
    const life = await startLife(servers)
    const back = await life.signInAtServer()
    await life.keeper().close()
    life.start()
    expect((await fetch(back)).status).toBe(200)
    expect(await life.call()).toBe(200)
  })

  it('comes back to a port of its own, which is listened on only until then', async () => {
    const redirect_port = (await serveCounted((_request, response) => response.end())).port
    const blocked = await startLife(servers, { settings: { redirect_port } })
    await expect(blocked.keeper().authorize()).rejects.toMatchObject({ code: 'in_use' })
    const life = await startLife(servers, { settings: { redirect_port: await freePort() } })
    const back = await life.signInAtServer()
    expect(back.port).toBe(String(life.target.settings.redirect_port))
    const page = await fetch(back)
    expect(await page.text()).toContain('Signed in to The API.')
    expect(await life.call()).toBe(200)
    await vi.waitUntil(async () => !(await isListenedOn(back)))
  })

  it('comes back once: a replay and a forged state ask for no token', async () => {
    const life = await startLife(servers)
    const back = await life.signInAtServer()
    const forged = new URL(back)
    forged.searchParams.set('state', 'forged-state-of-somebody-else')
    expect((await fetch(forged)).status).toBe(400)
    expect(await life.tokenRequests()).toEqual([])
    expect((await fetch(back)).status).toBe(200)
    expect((await fetch(back)).status).toBe(400)
    expect(await life.tokenRequests()).toEqual(['authorization_code'])
    expect(await life.call()).toBe(200)
  })

  it('whose answer names another issuer asks for no token', async () => {
    const life = await startLife(servers)
    await life.as.change({ endpoints: { callback: { add: { iss: 'https://evil.example' } } } })
    const page = await fetch(await life.signInAtServer())
    expect(page.status).toBe(400)
    expect(await page.text()).not.toContain('evil.example')
    expect(await life.tokenRequests()).toEqual([])
    expect(life.keeper().status()).toMatchObject({ state: 'signed_out', problem: { code: 'issuer_mismatch' } })
  })

  it('that the person refuses says so, and leaves the grant before it', async () => {
    const life = await startLife(servers)
    await life.signIn()
    await life.as.change({ consent: 'denied' })
    expect(await life.signIn()).toBe(400)
    expect(life.keeper().status()).toMatchObject({ state: 'signed_in', problem: { code: 'access_denied' } })
    expect(await life.call()).toBe(200)
  })
})

describe('a grant of a real authorization server', () => {
  it('is renewed once for fifty calls that are refused together, and every call works', async () => {
    const life = await startLife(servers)
    await life.signIn()
    expect(await life.call()).toBe(200)
    await life.api.change({ refuse: 'seen' })
    const statuses = await Promise.all(Array.from({ length: 50 }, () => life.call()))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await life.tokenRequests()).toEqual(['authorization_code', 'refresh_token'])
    expect(life.told.needed).toEqual([])
  })

  it('is renewed when it has run out, and again, with the refresh tokens that rotate', async () => {
    const life = await startLife(servers, { switches: { accessTokenSeconds: 3 } })
    await life.signIn()
    for (let renewals = 0; renewals < 2; renewals++) {
      await vi.waitUntil(() => life.keeper().current() === undefined)
      expect(await life.call()).toBe(200)
    }
    expect(await life.tokenRequests()).toEqual(['authorization_code', 'refresh_token', 'refresh_token'])
    expect(life.told.needed).toEqual([])
  })

  it('without a refresh token ends in its time, after a warning', async () => {
    const life = await startLife(servers, { switches: { accessTokenSeconds: 4, refreshTokens: 'never' } })
    await life.signIn()
    expect(life.keeper().status().renews).toBe(false)
    await vi.waitUntil(() => life.told.needed.length === 2)
    expect(life.told.needed).toEqual(['expires_soon', 'ended'])
    await expect(life.call()).rejects.toThrow('Sign in to The API again in Gatehouse.')
    expect(await life.signIn()).toBe(200)
    expect(life.keeper().status().state).toBe('signed_in')
  })

  it('of fewer scopes than a call needs stays, until a person grants the rest', async () => {
    const life = await startLife(servers, { settings: { scopes: ['tools:read'] } })
    await life.signIn()
    const authorization = life.keeper().current()
    const challenge = 'Bearer error="insufficient_scope", scope="tools:write"'
    await expect(life.keeper().renew({ authorization, status: 403, challenge })).rejects.toThrow('tools:write')
    expect(life.keeper().status().missing_scopes).toEqual(['tools:write'])
    expect(await life.call()).toBe(200)
    await life.signIn()
    expect(life.keeper().status()).toMatchObject({ scopes: ['tools:read', 'tools:write'], missing_scopes: [] })
  })

  it('is revoked when it is given up', async () => {
    const life = await startLife(servers)
    await life.signIn()
    const authorization = life.keeper().current() ?? ''
    await life.keeper().disconnect()
    const revoked = (await life.as.requests('revocation')).map(({ status }) => status)
    expect(revoked).toContain(200)
    const response = await fetch(`${life.api.apiUrl}/items`, { headers: { authorization } })
    expect(response.status).toBe(401)
    await expect(life.call()).rejects.toThrow('Sign in to The API in Gatehouse.')
  })
})

describe('client credentials at a real authorization server', () => {
  it('get one token for fifty calls at once, and another when that is refused', async () => {
    const life = await startLife(servers, {
      settings: { grant_type: 'client_credentials', client_id: machine.client_id },
      credentials: { clientSecret: machine.client_secret },
    })
    const statuses = await Promise.all(Array.from({ length: 50 }, () => life.call()))
    expect(new Set(statuses)).toEqual(new Set([200]))
    expect(await life.tokenRequests()).toEqual(['client_credentials'])
    await life.api.change({ refuse: 'seen' })
    expect(await life.call()).toBe(200)
    expect(await life.tokenRequests()).toHaveLength(2)
    expect(life.log()).not.toContain(machine.client_secret)
  })
})
