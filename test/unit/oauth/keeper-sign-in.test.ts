import { beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '../../../src/main/base/app-error.ts'
import { BEGIN, clientAs, gate, grantAs, oauthError, REDIRECT_URI, refusedWith, startKeeper } from './keeper-fixture.ts'

const ANSWER = new URLSearchParams({ code: 'code-of-the-server', state: 'checked elsewhere' })
const signedIn = () => ({ client: clientAs(), grant: grantAs() })

beforeEach(() => {
  vi.useFakeTimers({ now: BEGIN })
  return () => void vi.useRealTimers()
})

describe('a sign-in', () => {
  it('finds the server, gets a client, and waits for the browser with what is needed to finish it stored', async () => {
    const { keeper, script, stored, redirect } = startKeeper()
    const start = await keeper.authorize()
    expect(script.asked).toEqual(['discover', 'register', 'begin'])
    expect(start).toEqual({
      authorization_url: stored.records.pending?.authorizationUrl,
      redirect_uri: REDIRECT_URI,
      expires_at: '2026-12-01T12:10:00.000Z',
    })
    expect(stored.records.client).toEqual(clientAs())
    expect(redirect.open).toEqual([REDIRECT_URI])
    expect(keeper.status()).toMatchObject({
      state: 'signed_out',
      waiting: { redirect: 'loopback', expires_at: '2026-12-01T12:10:00.000Z' },
      issuers: ['https://as.example'],
      redirect_uri: REDIRECT_URI,
    })
  })

  it('comes back where its client was registered, and is heard there', async () => {
    const own = `${REDIRECT_URI}/${'0a'.repeat(16)}`
    const { keeper, make, stored, redirect, script } = startKeeper({
      records: { client: clientAs({ redirectUris: [own] }) },
    })
    const start = await keeper.authorize()
    expect(start.redirect_uri).toBe(own)
    expect(stored.records.pending).toMatchObject({ redirectUri: own })
    // The rest of the settings' address is what is listened on, and what a person would register.
    expect(redirect.open).toEqual([REDIRECT_URI])
    expect(keeper.status()).toMatchObject({ waiting: { redirect: 'loopback' }, redirect_uri: REDIRECT_URI })
    expect(await keeper.authorize()).toEqual(start)
    await keeper.close()
    const next = make()
    next.load()
    expect(await next.authorize()).toEqual(start)
    expect(redirect.open).toEqual([REDIRECT_URI])
    expect(script.count('register')).toBe(0)
    await next.close()
  })

  it('that waits is given again to whoever asks, and to two who ask at once', async () => {
    const { keeper, script } = startKeeper()
    const [one, other] = await Promise.all([keeper.authorize(), keeper.authorize()])
    expect(other).toEqual(one)
    expect(await keeper.authorize()).toEqual(one)
    expect(script.count('begin')).toBe(1)
  })

  it('that has little time left, or comes back elsewhere, makes place for another', async () => {
    const { keeper, redirect } = startKeeper()
    const first = await keeper.authorize()
    vi.setSystemTime(BEGIN + 8 * 60_000 + 1)
    const second = await keeper.authorize()
    expect(second.authorization_url).not.toBe(first.authorization_url)
    redirect.uri = 'http://127.0.0.1:9999/oauth/callback'
    expect((await keeper.authorize()).redirect_uri).toBe(redirect.uri)
    expect(redirect.open).toEqual([redirect.uri])
  })

  it('that waits for other settings or credentials than there are now makes place for another', async () => {
    const { keeper, target } = startKeeper({ settings: { scopes: ['a'] } })
    const urls = new Set([(await keeper.authorize()).authorization_url])
    target.settings = { ...target.settings, scopes: ['a', 'b'] }
    urls.add((await keeper.authorize()).authorization_url)
    target.credentials = { clientSecret: 'corrected' }
    urls.add((await keeper.authorize()).authorization_url)
    urls.add((await keeper.authorize()).authorization_url)
    expect(urls.size).toBe(3)
  })

  it('that is cancelled while it begins does not come up later', async () => {
    const { keeper, script, stored, redirect } = startKeeper()
    const slow = gate()
    script.until = slow.opened
    const started = keeper.authorize()
    const refused = expect(started).rejects.toMatchObject({ code: 'bad_request' })
    await vi.waitUntil(() => script.asked.includes('discover'))
    await keeper.cancel()
    slow.open()
    await refused
    expect(stored.records.pending).toBeUndefined()
    expect(keeper.status()).toMatchObject({ waiting: null, problem: null })
    expect(redirect.open).toEqual([])
  })

  it('is finished once', async () => {
    const { keeper, script, stored, told, redirect } = startKeeper()
    await keeper.authorize()
    const results = await Promise.allSettled([keeper.finish(ANSWER), keeper.finish(ANSWER)])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(results[1]).toMatchObject({ reason: { cause: { reason: 'unknown_state' } } })
    expect(script.count('finish')).toBe(1)
    expect(keeper.current()).toBe('Bearer access-token-1')
    expect(stored.records).toMatchObject({ grant: { accessToken: 'access-token-1' }, client: clientAs() })
    expect(stored.records.pending).toBeUndefined()
    expect(told.granted).toBe(1)
    expect(redirect.open).toEqual([])
    expect(keeper.status()).toMatchObject({ state: 'signed_in', waiting: null })
  })

  it('is used up in the store before its code is redeemed', async () => {
    const { keeper, script, stored } = startKeeper()
    await keeper.authorize()
    const slow = gate()
    script.until = slow.opened
    const finished = keeper.finish(ANSWER)
    await vi.waitUntil(() => script.asked.includes('finish'))
    expect(stored.records.pending).toBeUndefined()
    slow.open()
    await finished
  })

  it('is still there when the vault was locked as the browser came back', async () => {
    const { keeper, script, stored } = startKeeper()
    await keeper.authorize()
    stored.locked = true
    await expect(keeper.finish(ANSWER)).rejects.toMatchObject({ code: 'vault_locked' })
    stored.locked = false
    await keeper.finish(ANSWER)
    expect(script.count('finish')).toBe(1)
  })

  it('goes on after a restart', async () => {
    const { keeper, make, stored, redirect } = startKeeper()
    await keeper.authorize()
    await keeper.close()
    expect(redirect.open).toEqual([])
    const next = make()
    next.load()
    await vi.waitUntil(() => redirect.open.includes(REDIRECT_URI))
    expect(next.pending).toEqual(stored.records.pending)
    await next.finish(ANSWER)
    expect(next.current()).toBe('Bearer access-token-1')
    await next.close()
  })

  it('that nobody finishes in ten minutes is forgotten, and says so', async () => {
    const { keeper, stored, redirect } = startKeeper()
    await keeper.authorize()
    await vi.advanceTimersByTimeAsync(600_000)
    expect(stored.records.pending).toBeUndefined()
    expect(redirect.open).toEqual([])
    expect(keeper.status()).toMatchObject({ waiting: null, problem: { code: 'timed_out' } })
    await expect(keeper.finish(ANSWER)).rejects.toMatchObject({ cause: { reason: 'unknown_state' } })
  })

  it('that ran out while nothing ran is not finished either', async () => {
    const { keeper, make, script } = startKeeper()
    await keeper.authorize()
    await keeper.close()
    vi.setSystemTime(BEGIN + 600_000)
    const next = make()
    next.load()
    expect(next.pending).toBeUndefined()
    await expect(next.finish(ANSWER)).rejects.toMatchObject({ cause: { reason: 'unknown_state' } })
    expect(script.count('finish')).toBe(0)
    await next.close()
  })

  it('that has more time left than it was given has run out: the clock was set back', async () => {
    const { keeper, make, script, stored } = startKeeper()
    await keeper.authorize()
    await keeper.close()
    vi.setSystemTime(BEGIN - 50_000)
    expect(keeper.pending).toBeDefined()
    vi.setSystemTime(BEGIN - 61_000)
    expect(keeper.pending).toBeUndefined()
    expect(keeper.status().waiting).toBeNull()
    const next = make()
    next.load()
    await vi.advanceTimersByTimeAsync(0)
    expect(stored.records.pending).toBeUndefined()
    await expect(next.finish(ANSWER)).rejects.toMatchObject({ cause: { reason: 'unknown_state' } })
    expect(script.count('finish')).toBe(0)
    await next.close()
  })

  it('that is cancelled leaves what was granted before', async () => {
    const { keeper, stored, redirect } = startKeeper({ records: signedIn() })
    await keeper.authorize()
    await keeper.cancel()
    expect(stored.records.pending).toBeUndefined()
    expect(stored.records.client).toEqual(clientAs())
    expect(keeper.current()).toBe('Bearer access-token-0')
    expect(redirect.open).toEqual([])
  })

  it('that nobody could finish is tried with another client: the server may have forgotten the first', async () => {
    const { keeper, script } = startKeeper()
    await keeper.authorize()
    await keeper.cancel()
    await keeper.authorize()
    expect(script.count('register')).toBe(2)
  })

  it('whose client the server does not know any more registers another the next time', async () => {
    const { keeper, script, stored } = startKeeper()
    await keeper.authorize()
    script.failures.push(oauthError('invalid_client'))
    await expect(keeper.finish(ANSWER)).rejects.toMatchObject({ code: 'authorization_required' })
    expect(stored.records.client).toBeUndefined()
    await keeper.authorize()
    expect(script.count('register')).toBe(2)
  })

  it('that fails says why, and leaves what was granted before', async () => {
    const { keeper, script, told } = startKeeper({ records: signedIn() })
    await keeper.authorize()
    script.failures.push(oauthError('access_denied', 'The sign-in was refused.'))
    await expect(keeper.finish(ANSWER)).rejects.toMatchObject({
      code: 'authorization_required',
      message: 'The sign-in was refused. Do something about it.',
    })
    expect(keeper.status()).toMatchObject({ state: 'signed_in', problem: { code: 'access_denied' } })
    expect(keeper.current()).toBe('Bearer access-token-0')
    expect(told.granted).toBe(0)
  })

  it('for a scope that the server does not know fails once: the next one asks for what there was', async () => {
    const { keeper, script, stored } = startKeeper({ records: signedIn(), settings: { scopes: ['tools:read'] } })
    await keeper.renew(refusedWith('access-token-0', 'bogus')).catch(() => undefined)
    script.unknownScope = 'bogus'
    await keeper.authorize()
    expect(stored.records.pending?.scopes).toEqual(['tools:read', 'bogus'])
    await expect(keeper.finish(ANSWER)).rejects.toMatchObject({ cause: { reason: 'invalid_scope' } })
    expect(stored.records.grant).toEqual(grantAs())
    await keeper.authorize()
    expect(stored.records.pending?.scopes).toEqual(['tools:read'])
    await keeper.finish(ANSWER)
    expect(keeper.status()).toMatchObject({ state: 'signed_in', problem: null })
  })

  it('that can not begin says why: no network, settings, a port that is taken', async () => {
    const { keeper, script, redirect, stored } = startKeeper()
    script.failures.push(oauthError('unreachable'))
    await expect(keeper.authorize()).rejects.toMatchObject({ code: 'upstream_unavailable' })
    script.failures.push(oauthError('registration_needed'))
    await expect(keeper.authorize()).rejects.toMatchObject({ code: 'invalid_input' })
    expect(keeper.status().problem).toMatchObject({ code: 'registration_needed' })
    expect(redirect.open).toEqual([])
    redirect.failure = new AppError('in_use')
    await expect(keeper.authorize()).rejects.toMatchObject({ code: 'in_use' })
    expect(script.count('register')).toBe(0)
    redirect.failure = undefined
    await keeper.authorize()
    expect(keeper.status().problem).toBeNull()
    expect(stored.records.pending).toBeDefined()
  })

  it('does not take the client of the grant that still holds', async () => {
    const { keeper, redirect, stored, script } = startKeeper({ records: signedIn() })
    redirect.uri = 'http://127.0.0.1:9999/oauth/callback'
    await keeper.authorize()
    expect(script.asked).toContain('register')
    expect(stored.records.client).toEqual(clientAs())
    expect(await keeper.renew(refusedWith('access-token-0'))).toBe('Bearer access-token-1')
    await keeper.finish(ANSWER)
    expect(stored.records.client?.redirectUris).toEqual([redirect.uri])
  })

  it('is not overwritten by a renewal of the grant before it', async () => {
    const { keeper, script, stored } = startKeeper({ records: signedIn() })
    await keeper.authorize()
    const slow = gate()
    script.until = slow.opened
    const renewed = keeper.renew(refusedWith('access-token-0'))
    const finished = keeper.finish(ANSWER)
    slow.open()
    await Promise.all([renewed, finished])
    expect(stored.records.grant?.accessToken).toBe('access-token-2')
    expect(keeper.current()).toBe('Bearer access-token-2')
  })

  it('mends what had ended', async () => {
    const { keeper, script } = startKeeper({ records: signedIn() })
    script.failures.push(oauthError('invalid_grant'))
    await keeper.renew(refusedWith('access-token-0')).catch(() => undefined)
    await keeper.authorize()
    await keeper.finish(ANSWER)
    expect(keeper.status()).toMatchObject({ state: 'signed_in', problem: null })
    expect(await keeper.renew()).toBe('Bearer access-token-1')
  })

  it('keeps state, verifier, code and secrets out of the log', async () => {
    const { keeper, stored, log, script } = startKeeper()
    await keeper.authorize()
    const { state, codeVerifier } = stored.records.pending ?? { state: '', codeVerifier: '' }
    script.failures.push(oauthError('server_error', `It had ${state}, ${codeVerifier} and code-of-the-server.`))
    await keeper.finish(ANSWER).catch(() => undefined)
    expect(log()).toContain('a sign-in failed')
    for (const secret of [state, codeVerifier, 'code-of-the-server']) expect(log()).not.toContain(secret)
  })
})

describe('signing out', () => {
  it('forgets the grant and revokes it, and keeps the client', async () => {
    const { keeper, script, stored, told } = startKeeper({ records: signedIn() })
    await keeper.disconnect()
    expect(script.asked).toEqual(['revoke access-token-0'])
    expect(stored.records.grant).toBeUndefined()
    expect(stored.records.client).toEqual(clientAs())
    expect(keeper.current()).toBeUndefined()
    expect(keeper.status()).toMatchObject({ state: 'signed_out', problem: null })
    expect(told.needed).toEqual([])
  })

  it('works without the server', async () => {
    const { keeper, script, stored, log } = startKeeper({ records: signedIn() })
    script.failures.push(oauthError('unreachable'))
    await keeper.disconnect()
    expect(stored.records.grant).toBeUndefined()
    expect(log()).toContain('without being revoked')
  })

  it('gives up the sign-in that waits', async () => {
    const { keeper, stored } = startKeeper()
    await keeper.authorize()
    await keeper.disconnect()
    expect(stored.records.pending).toBeUndefined()
    expect(keeper.pending).toBeUndefined()
  })
})
