import { beforeAll, describe, expect, it, vi } from 'vitest'
import { startLife, startServers } from './life-fixture.ts'

let servers: Awaited<ReturnType<typeof startServers>>

beforeAll(async () => {
  servers = await startServers()
  return () => servers.stop()
})

/** A process that dies after the answer came and before it was stored: it writes nothing more. */
const dying = () => new Promise<void>(() => undefined)

describe('a process that is killed between the answer of the token endpoint and its store', () => {
  it('works on with what was stored, where refresh tokens stay the same', async () => {
    const life = await startLife(servers, { switches: { rotateRefreshTokens: false } })
    await life.signIn()
    const before = structuredClone(life.stored.records)
    await life.api.change({ refuse: 'all' })
    life.stored.write = dying
    void life.call().catch(() => undefined)
    await vi.waitUntil(async () => (await life.tokenRequests()).includes('refresh_token'))
    expect(life.stored.records).toEqual(before)
    life.stored.write = () => Promise.resolve()
    await life.api.change({ refuse: 'none' })
    life.start()
    expect(await life.call()).toBe(200)
  })

  it('says clearly that a person has to sign in, where they rotate, and then works', async () => {
    const life = await startLife(servers)
    await life.signIn()
    life.stored.write = dying
    const authorization = life.keeper().current()
    void life
      .keeper()
      .renew({ authorization, status: 401, challenge: undefined })
      .catch(() => undefined)
    await vi.waitUntil(async () => (await life.tokenRequests()).includes('refresh_token'))
    life.stored.write = () => Promise.resolve()
    const next = life.start()
    await expect(next.renew({ authorization, status: 401, challenge: undefined })).rejects.toMatchObject({
      code: 'authorization_required',
      message: expect.stringContaining('Sign in to The API again in Gatehouse.') as string,
    })
    expect(life.told.needed).toEqual(['ended'])
    expect(next.status()).toMatchObject({ state: 'ended', problem: { code: 'invalid_grant' } })
    expect(await life.signIn()).toBe(200)
    expect(await life.call()).toBe(200)
  })

  it('during the first sign-in lets it be begun again', async () => {
    const life = await startLife(servers)
    const back = await life.signInAtServer()
    let writes = 0
    // The first one marks the sign-in as used.
    life.stored.write = () => (++writes === 1 ? Promise.resolve() : dying())
    void fetch(back).catch(() => undefined)
    await vi.waitUntil(() => writes === 2)
    life.stored.write = () => Promise.resolve()
    const next = life.start()
    expect(next.status()).toMatchObject({ state: 'signed_out', waiting: null })
    expect((await fetch(back)).status).toBe(400)
    expect(await life.signIn()).toBe(200)
    expect(await life.call()).toBe(200)
  })
})

describe('an authorization server in trouble', () => {
  it('that answers 503 for a while costs nothing but the time', async () => {
    const life = await startLife(servers)
    await life.signIn()
    await life.as.change({ endpoints: { token: { answer: { status: 503, body: 'busy' }, times: 1 } } })
    const authorization = life.keeper().current()
    await expect(life.keeper().renew({ authorization, status: 401, challenge: undefined })).rejects.toThrow(/503/)
    expect(life.keeper().status().state).toBe('signed_in')
    expect(life.told.needed).toEqual([])
    await vi.waitUntil(() => life.keeper().current() !== undefined)
    expect(await life.call()).toBe(200)
    expect(life.keeper().status().problem).toBeNull()
  })

  it('that loses the answer to a rotation leads to a sign-in, and not to a circle', async () => {
    const life = await startLife(servers)
    await life.signIn()
    await life.as.change({ endpoints: { token: { loseAnswer: true, times: 1 } } })
    const authorization = life.keeper().current()
    await expect(life.keeper().renew({ authorization, status: 401, challenge: undefined })).rejects.toMatchObject({
      code: 'upstream_unavailable',
    })
    await vi.waitUntil(() => life.keeper().status().state === 'ended')
    const requests = await life.tokenRequests()
    await expect(life.call()).rejects.toMatchObject({ code: 'authorization_required' })
    expect(await life.tokenRequests()).toEqual(requests)
    expect(await life.signIn()).toBe(200)
    expect(await life.call()).toBe(200)
  })

  it('that has forgotten the client gets another one with the next sign-in', async () => {
    const life = await startLife(servers)
    await life.signIn()
    const former = life.stored.records.client?.clientId
    await life.as.change({ forget: ['Client'] })
    const authorization = life.keeper().current()
    await expect(life.keeper().renew({ authorization, status: 401, challenge: undefined })).rejects.toMatchObject({
      code: 'authorization_required',
    })
    expect(life.stored.records.client).toBeUndefined()
    expect(await life.signIn()).toBe(200)
    expect(life.stored.records.client?.clientId).not.toBe(former)
    expect(await life.call()).toBe(200)
  })

  it('that never answers is given up on, and the end of the gateway does not wait for it', async () => {
    const life = await startLife(servers)
    await life.signIn()
    await life.as.change({ endpoints: { token: { hang: true } } })
    const authorization = life.keeper().current()
    const renewed = life.keeper().renew({ authorization, status: 401, challenge: undefined })
    const failed = expect(renewed).rejects.toMatchObject({ code: 'upstream_unavailable' })
    await vi.waitUntil(async () => (await life.tokenRequests()).includes('refresh_token'))
    await life.keeper().close()
    await failed
    expect(life.stored.records.grant?.refreshToken).toBeTruthy()
  })
})
