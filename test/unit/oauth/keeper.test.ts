import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  BEGIN,
  clientAs,
  gate,
  grantAs,
  HOUR_MS,
  lastingGrant,
  oauthError,
  refusedWith,
  startKeeper,
} from './keeper-fixture.ts'

const signedIn = () => ({ client: clientAs(), grant: grantAs() })
const MINUTE_MS = 60_000

beforeEach(() => {
  vi.useFakeTimers({ now: BEGIN })
  return () => void vi.useRealTimers()
})

describe('a token', () => {
  it('is given while it holds, and costs no question', () => {
    const { keeper, script } = startKeeper({ records: signedIn() })
    expect(keeper.current()).toBe('Bearer access-token-0')
    expect(script.asked).toEqual([])
  })

  it('is not used in its last thirty seconds, of a short life in its last tenth', () => {
    const { keeper } = startKeeper({ records: signedIn() })
    vi.setSystemTime(BEGIN + HOUR_MS - 30_001)
    expect(keeper.current()).toBe('Bearer access-token-0')
    vi.setSystemTime(BEGIN + HOUR_MS - 30_000)
    expect(keeper.current()).toBeUndefined()
    const brief = startKeeper({
      records: { client: clientAs(), grant: grantAs({ expiresAt: new Date(BEGIN + 10_000).toISOString() }) },
    })
    vi.setSystemTime(BEGIN + 8_999)
    expect(brief.keeper.current()).toBe('Bearer access-token-0')
    vi.setSystemTime(BEGIN + 9_000)
    expect(brief.keeper.current()).toBeUndefined()
  })

  it('is renewed when the clock was set back so far that its age is not known', () => {
    const { keeper } = startKeeper({ records: signedIn() })
    vi.setSystemTime(BEGIN - 61_000)
    expect(keeper.current()).toBeUndefined()
  })

  it('is renewed once, however many ask at its end', async () => {
    const { keeper, script } = startKeeper({ records: signedIn() })
    vi.setSystemTime(BEGIN + HOUR_MS)
    const tokens = await Promise.all(Array.from({ length: 50 }, () => keeper.renew()))
    expect(new Set(tokens)).toEqual(new Set(['Bearer access-token-1']))
    expect(script.asked).toEqual(['refresh refresh-token-0'])
  })

  it('is renewed once for fifty requests that the server refused with it, whenever they say so', async () => {
    const { keeper, script } = startKeeper({ records: signedIn() })
    const early = Array.from({ length: 25 }, () => keeper.renew(refusedWith('access-token-0')))
    await Promise.all(early)
    const late = Array.from({ length: 25 }, () => keeper.renew(refusedWith('access-token-0')))
    expect(new Set(await Promise.all([...early, ...late]))).toEqual(new Set(['Bearer access-token-1']))
    expect(script.asked).toEqual(['refresh refresh-token-0'])
  })

  it('is not used again after the server refused it, though the clock says that it holds', async () => {
    const { keeper, script } = startKeeper({ records: signedIn() })
    script.failures.push(oauthError('unreachable'))
    await expect(keeper.renew(refusedWith('access-token-0'))).rejects.toMatchObject({ code: 'upstream_unavailable' })
    expect(keeper.current()).toBeUndefined()
  })

  it('is renewed at four fifths of its life without anybody asking, while the old one is still used', async () => {
    const { keeper, script, told } = startKeeper({ records: signedIn() })
    await vi.advanceTimersByTimeAsync(0.8 * HOUR_MS - 1_000)
    expect(script.asked).toEqual([])
    const slow = gate()
    script.until = slow.opened
    await vi.advanceTimersByTimeAsync(2_000)
    expect(script.asked).toEqual(['refresh refresh-token-0'])
    expect(keeper.current()).toBe('Bearer access-token-0')
    slow.open()
    await vi.advanceTimersByTimeAsync(0)
    expect(keeper.current()).toBe('Bearer access-token-1')
    expect(told.changed).toBe(1)
    // And again, for its own life.
    await vi.advanceTimersByTimeAsync(0.8 * HOUR_MS)
    expect(keeper.current()).toBe('Bearer access-token-2')
  })

  it.each([0, 1, 1_000, 59_999])('of %d ms is renewed when somebody needs it, and never by the clock', async (life) => {
    const grant = grantAs({ expiresAt: new Date(BEGIN + life).toISOString() })
    const { keeper, script } = startKeeper({ records: { client: clientAs(), grant } })
    script.expiresInMs = life
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    expect(script.asked).toEqual([])
    expect(await keeper.renew()).toBe('Bearer access-token-1')
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    expect(script.asked).toEqual(['refresh refresh-token-0'])
  })

  it('that lasts for weeks is renewed in its time', async () => {
    const days = 40 * 24 * HOUR_MS
    const grant = grantAs({ expiresAt: new Date(BEGIN + days).toISOString() })
    const { script } = startKeeper({ records: { client: clientAs(), grant } })
    script.expiresInMs = days
    await vi.advanceTimersByTimeAsync(0.79 * days)
    expect(script.asked).toEqual([])
    await vi.advanceTimersByTimeAsync(0.02 * days)
    expect(script.asked).toEqual(['refresh refresh-token-0'])
  })

  it('is renewed soon after the machine has slept past its time', async () => {
    const { script } = startKeeper({ records: signedIn() })
    await vi.advanceTimersByTimeAsync(MINUTE_MS)
    // The clock goes on while timers stand still.
    vi.setSystemTime(BEGIN + 8 * HOUR_MS)
    await vi.advanceTimersByTimeAsync(15 * MINUTE_MS)
    expect(script.asked).toEqual(['refresh refresh-token-0'])
  })

  it('without an end is renewed only when the server refuses it', async () => {
    const grant = grantAs()
    delete grant.expiresAt
    const { keeper, script } = startKeeper({ records: { client: clientAs(), grant } })
    await vi.advanceTimersByTimeAsync(100 * HOUR_MS)
    expect(keeper.current()).toBe('Bearer access-token-0')
    expect(script.asked).toEqual([])
    expect(await keeper.renew(refusedWith('access-token-0'))).toBe('Bearer access-token-1')
  })

  it('is stored before it is used', async () => {
    const { keeper, stored } = startKeeper({ records: signedIn() })
    const renewed = keeper.renew(refusedWith('access-token-0'))
    await vi.waitUntil(() => stored.records.grant?.refreshToken === 'refresh-token-1')
    expect(await renewed).toBe('Bearer access-token-1')
    expect(stored.records.grant).toMatchObject({
      accessToken: 'access-token-1',
      signedInAt: new Date(BEGIN).toISOString(),
    })
  })

  it('that can not be stored is used all the same, and stored later', async () => {
    const { keeper, stored, log } = startKeeper({ records: signedIn() })
    stored.failures.push(new Error('disk is full'))
    expect(await keeper.renew(refusedWith('access-token-0'))).toBe('Bearer access-token-1')
    expect(stored.records.grant?.accessToken).toBe('access-token-0')
    expect(log()).toContain('could not be stored')
    await vi.advanceTimersByTimeAsync(5_000)
    expect(stored.records.grant?.accessToken).toBe('access-token-1')
  })

  it('and whatever else is secret never reaches a log or the status', async () => {
    const { keeper, script, log } = startKeeper({ records: signedIn() })
    script.failures.push(oauthError('unreachable', 'Sent refresh-token-0 and access-token-0 to nobody.'))
    await keeper.renew(refusedWith('access-token-0')).catch(() => undefined)
    expect(log()).toContain('could not be renewed')
    expect(log()).not.toMatch(/(access|refresh)-token-/)
    expect(JSON.stringify(keeper.status())).not.toMatch(/"(access|refresh)-token-/)
  })
})

describe('without a grant', () => {
  it('whoever asks is told to sign in, and nobody is asked', async () => {
    const { keeper, script, told } = startKeeper()
    expect(keeper.current()).toBeUndefined()
    await expect(keeper.renew()).rejects.toMatchObject({
      code: 'authorization_required',
      message: 'Sign in to GitHub in Gatehouse.',
    })
    expect(script.asked).toEqual([])
    expect(told.needed).toEqual([])
    expect(keeper.status()).toMatchObject({ state: 'signed_out', problem: null })
  })

  it('a locked vault says so', async () => {
    const { keeper, make, stored } = startKeeper({ records: signedIn() })
    stored.locked = true
    const locked = make()
    locked.load()
    expect(locked.current()).toBeUndefined()
    await expect(locked.renew()).rejects.toMatchObject({ code: 'vault_locked' })
    expect(() => locked.pending).toThrow(expect.objectContaining({ code: 'vault_locked' }))
    expect(locked.status().problem).toMatchObject({ code: 'vault_locked' })
    stored.locked = false
    locked.load()
    expect(locked.current()).toBe('Bearer access-token-0')
    // Locked while it runs: nothing is known any more once that is said.
    stored.locked = true
    keeper.load()
    expect(keeper.current()).toBeUndefined()
    await locked.close()
  })
})

describe('a failure to renew', () => {
  it('that is of the network changes nothing, answers for a second, and is tried again', async () => {
    const { keeper, script, stored, told } = startKeeper({ records: signedIn() })
    vi.setSystemTime(BEGIN + HOUR_MS)
    script.failures.push(oauthError('unreachable'), oauthError('server_error'))
    await expect(keeper.renew()).rejects.toMatchObject({ code: 'upstream_unavailable' })
    await expect(keeper.renew()).rejects.toMatchObject({ code: 'upstream_unavailable' })
    expect(script.asked).toHaveLength(1)
    expect(stored.records).toEqual(signedIn())
    expect(keeper.status()).toMatchObject({ state: 'signed_in', problem: { code: 'unreachable' } })
    await vi.advanceTimersByTimeAsync(5_000)
    expect(script.asked).toHaveLength(2)
    // The second failure is waited for twice as long.
    await vi.advanceTimersByTimeAsync(9_000)
    expect(script.asked).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(keeper.current()).toBe('Bearer access-token-1')
    expect(keeper.status().problem).toBeNull()
    expect(told.needed).toEqual([])
  })

  it('with invalid_grant ends it: tokens are forgotten, a person is told once, nobody asks again', async () => {
    const { keeper, script, stored, told, make } = startKeeper({ records: signedIn() })
    script.failures.push(oauthError('invalid_grant', 'The server does not take the sign-in any more.'))
    const message =
      'The sign-in to GitHub has ended. The server does not take the sign-in any more. Sign in to GitHub again in Gatehouse.'
    for (let calls = 0; calls < 3; calls++) {
      await expect(keeper.renew(refusedWith('access-token-0'))).rejects.toMatchObject({
        code: 'authorization_required',
        message,
      })
    }
    expect(script.asked).toEqual(['refresh refresh-token-0'])
    expect(told.needed).toEqual([{ reason: 'ended', message }])
    expect(JSON.stringify(stored.records)).not.toMatch(/-token-0/)
    expect(keeper.status()).toMatchObject({
      state: 'ended',
      expires_at: null,
      renews: false,
      problem: { code: 'invalid_grant' },
    })
    expect(stored.records.client).toEqual(clientAs())
    // After a restart it is still known.
    const next = make()
    next.load()
    expect(next.status()).toMatchObject({ state: 'ended', problem: { code: 'invalid_grant', message } })
    await next.close()
  })

  it.each(['invalid_client', 'unauthorized_client'] as const)(
    'with %s of a client that the server gave forgets both, so that the next sign-in registers another',
    async (reason) => {
      const { keeper, script, stored, told } = startKeeper({ records: signedIn() })
      script.failures.push(oauthError(reason))
      await expect(keeper.renew(refusedWith('access-token-0'))).rejects.toMatchObject({
        code: 'authorization_required',
      })
      expect(stored.records.client).toBeUndefined()
      expect(keeper.status()).toMatchObject({ state: 'ended', problem: { code: reason } })
      expect(told.needed).toHaveLength(1)
      await keeper.authorize()
      expect(script.asked).toContain('register')
    },
  )

  it('with invalid_client of a client that a person registered waits for that person and keeps the grant', async () => {
    const records = { client: clientAs({ registration: 'pre_registered' }), grant: grantAs() }
    const { keeper, script, stored, told } = startKeeper({ records, settings: { client_id: 'client-1' } })
    script.failures.push(oauthError('invalid_client'))
    const refused = refusedWith('access-token-0')
    await expect(keeper.renew(refused)).rejects.toMatchObject({ code: 'authorization_required' })
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    await expect(keeper.renew(refused)).rejects.toMatchObject({ code: 'authorization_required' })
    expect(script.asked).toEqual(['refresh refresh-token-0'])
    expect(stored.records).toEqual(records)
    expect(told.needed).toHaveLength(1)
    expect(keeper.status().problem).toMatchObject({ code: 'invalid_client' })
    // The admin has corrected the secret.
    keeper.load()
    expect(await keeper.renew()).toBe('Bearer access-token-1')
  })

  it('is not repeated for ever when the server refuses whatever it is given', async () => {
    const { keeper, script } = startKeeper({ records: signedIn() })
    let token = 'Bearer access-token-0'
    for (let round = 0; round < 5; round++) {
      token = await keeper.renew({ authorization: token, status: 401, challenge: undefined })
    }
    await expect(keeper.renew({ authorization: token, status: 401, challenge: undefined })).rejects.toMatchObject({
      code: 'authorization_required',
    })
    expect(script.asked).toHaveLength(5)
    await vi.advanceTimersByTimeAsync(MINUTE_MS)
    expect(await keeper.renew({ authorization: token, status: 401, challenge: undefined })).toBe(
      'Bearer access-token-6',
    )
  })

  it('is no matter any more when the clock was set back behind it', async () => {
    const { keeper } = startKeeper({ records: signedIn() })
    let token = 'Bearer access-token-0'
    for (let round = 0; round < 5; round++)
      token = await keeper.renew({ ...refusedWith(undefined), authorization: token })
    vi.setSystemTime(BEGIN - 30_000)
    expect(await keeper.renew({ ...refusedWith(undefined), authorization: token })).toBe('Bearer access-token-6')
  })

  it('of an unexpected kind keeps everything', async () => {
    const { keeper, script, stored, log } = startKeeper({ records: signedIn() })
    script.failures.push(new TypeError('x is not a function'))
    await expect(keeper.renew(refusedWith('access-token-0'))).rejects.toMatchObject({ code: 'authorization_required' })
    expect(stored.records).toEqual(signedIn())
    expect(log()).toContain('x is not a function')
  })
})

describe('a grant without a refresh token', () => {
  const lasting = () => ({ client: clientAs(), grant: lastingGrant() })

  it('is used to its very end, warned of once before that, and then has ended', async () => {
    const { keeper, script, told, stored } = startKeeper({ records: lasting() })
    await vi.advanceTimersByTimeAsync(48 * MINUTE_MS - 1_000)
    expect(told.needed).toEqual([])
    await vi.advanceTimersByTimeAsync(1_000)
    expect(told.needed.map(({ reason }) => reason)).toEqual(['expires_soon'])
    expect(stored.records.grant?.warned).toBe(true)
    await vi.advanceTimersByTimeAsync(12 * MINUTE_MS - 1_000)
    expect(keeper.current()).toBe('Bearer access-token-0')
    await vi.advanceTimersByTimeAsync(1_000)
    expect(keeper.current()).toBeUndefined()
    expect(told.needed.map(({ reason }) => reason)).toEqual(['expires_soon', 'ended'])
    expect(keeper.status()).toMatchObject({ state: 'ended', problem: { code: 'expired' } })
    expect(script.asked).toEqual([])
  })

  it('is not warned of again after a restart', async () => {
    const { told, make } = startKeeper({ records: lasting() })
    await vi.advanceTimersByTimeAsync(48 * MINUTE_MS)
    const next = make()
    next.load()
    await vi.advanceTimersByTimeAsync(MINUTE_MS)
    expect(told.needed).toHaveLength(1)
    await next.close()
  })

  it('that ran out while nothing ran has ended, without a warning', async () => {
    vi.setSystemTime(BEGIN + 2 * HOUR_MS)
    const { keeper, told } = startKeeper({ records: lasting() })
    await vi.advanceTimersByTimeAsync(0)
    expect(told.needed.map(({ reason }) => reason)).toEqual(['ended'])
    expect(keeper.status().state).toBe('ended')
  })

  it('ends when the server refuses it', async () => {
    const { keeper, told } = startKeeper({ records: lasting() })
    await expect(keeper.renew(refusedWith('access-token-0'))).rejects.toMatchObject({ code: 'authorization_required' })
    expect(keeper.status().state).toBe('ended')
    expect(told.needed.map(({ reason }) => reason)).toEqual(['ended'])
  })
})

describe('a request for more scopes', () => {
  it('keeps the grant, tells which are missing, and asks a person once', async () => {
    const { keeper, told, stored, script } = startKeeper({ records: signedIn() })
    const calls = Array.from({ length: 10 }, () => keeper.renew(refusedWith('access-token-0', 'tools:write')))
    for (const call of await Promise.allSettled(calls)) {
      expect(call).toMatchObject({ status: 'rejected', reason: { code: 'authorization_required' } })
    }
    expect(told.needed).toEqual([
      {
        reason: 'scope',
        message: 'GitHub wants the scopes tools:write for this. Sign in to GitHub again in Gatehouse to grant them.',
      },
    ])
    expect(keeper.current()).toBe('Bearer access-token-0')
    expect(keeper.status()).toMatchObject({ state: 'signed_in', missing_scopes: ['tools:write'] })
    expect(script.asked).toEqual([])
    expect(stored.records.grant?.missingScopes).toEqual(['tools:write'])
  })

  it('is remembered through a renewal, and the next sign-in asks for all', async () => {
    const { keeper, stored } = startKeeper({ records: signedIn() })
    await keeper.renew(refusedWith('access-token-0', 'tools:write')).catch(() => undefined)
    await keeper.renew(refusedWith('access-token-0'))
    await keeper.authorize()
    expect(stored.records.pending?.scopes).toEqual(['tools:read', 'tools:write'])
    await keeper.finish(new URLSearchParams())
    expect(keeper.status()).toMatchObject({ scopes: ['tools:read', 'tools:write'], missing_scopes: [] })
  })

  it('of a request that went out before the new grant was there is answered with that', async () => {
    const { keeper } = startKeeper({ records: { client: clientAs(), grant: grantAs({ accessToken: 'newer' }) } })
    expect(await keeper.renew(refusedWith('access-token-0', 'tools:write'))).toBe('Bearer newer')
  })

  it('for what was granted already, or without saying for what, is an error that no sign-in helps', async () => {
    const { keeper, told } = startKeeper({ records: signedIn() })
    await expect(keeper.renew(refusedWith('access-token-0', 'tools:read'))).rejects.toThrow(
      /with the scopes that it granted/,
    )
    await expect(
      keeper.renew({ authorization: 'Bearer access-token-0', status: 403, challenge: undefined }),
    ).rejects.toMatchObject({ code: 'authorization_required' })
    expect(told.needed).toEqual([])
  })

  it('for words that are no scopes, or hundreds of them, is cut to what can be asked for', async () => {
    const { keeper, stored } = startKeeper({ records: signedIn() })
    const many = Array.from({ length: 300 }, (_, each) => `scope-${each}`)
    const scope = ['tökén', 'x'.repeat(257), 'a\\b', ...many].join(' ')
    await keeper.renew(refusedWith('access-token-0', scope)).catch(() => undefined)
    expect(stored.records.grant?.missingScopes).toEqual(many.slice(0, 200))
  })

  it('reaches a person three times at most', async () => {
    const { keeper, told } = startKeeper({ records: signedIn() })
    for (let scope = 0; scope < 10; scope++) {
      await keeper.renew(refusedWith('access-token-0', `scope-${scope}`)).catch(() => undefined)
    }
    expect(told.needed).toHaveLength(3)
  })
})

describe('client credentials', () => {
  const settings = { grant_type: 'client_credentials', client_id: 'robot' } as const

  it('get a token when one is needed, and keep it for its life', async () => {
    const { keeper, script } = startKeeper({ settings })
    expect(keeper.current()).toBeUndefined()
    const tokens = await Promise.all(Array.from({ length: 50 }, () => keeper.renew()))
    expect(new Set(tokens)).toEqual(new Set(['Bearer access-token-1']))
    expect(script.asked).toEqual(['discover', 'client_credentials'])
    expect(keeper.status()).toMatchObject({ state: 'signed_in', renews: true })
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    expect(script.count('client_credentials')).toBe(1)
    expect(await keeper.renew()).toBe('Bearer access-token-2')
    expect(script.asked).toEqual(['discover', 'client_credentials', 'client_credentials'])
  })

  it('ask for more scopes by themselves, three times at most', async () => {
    const { keeper, script, told } = startKeeper({ settings })
    script.scopes = ['a']
    let token = await keeper.renew()
    script.scopes = undefined
    for (const scope of ['b', 'c', 'd']) {
      token = await keeper.renew({ ...refusedWith(undefined, scope), authorization: token })
    }
    expect(script.lastTarget?.settings.scopes).toEqual(['a', 'b', 'c', 'd'])
    await expect(keeper.renew({ ...refusedWith(undefined, 'e'), authorization: token })).rejects.toMatchObject({
      code: 'authorization_required',
    })
    expect(script.count('client_credentials')).toBe(4)
    expect(told.needed).toEqual([])
  })

  it('do without a scope that the server does not know, and keep those that it granted', async () => {
    const { keeper, script, stored, told } = startKeeper({ settings })
    let token = await keeper.renew()
    token = await keeper.renew({ ...refusedWith(undefined, 'b'), authorization: token })
    script.unknownScope = 'bogus'
    token = await keeper.renew({ ...refusedWith(undefined, 'bogus'), authorization: token })
    expect(token).toBe(keeper.current())
    expect(script.lastTarget?.settings.scopes).toEqual(['b'])
    expect(stored.records.grant).toMatchObject({ scopes: ['b'], missingScopes: ['b'] })
    token = await keeper.renew({ ...refusedWith(undefined), authorization: token })
    expect(keeper.status()).toMatchObject({ scopes: ['b'], missing_scopes: [], problem: null })
    expect(told.needed).toEqual([])
    // It does not grant any of them any more.
    script.unknownScope = 'b'
    await expect(keeper.renew({ ...refusedWith(undefined), authorization: token })).rejects.toMatchObject({
      code: 'authorization_required',
    })
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await keeper.renew()).toBe(keeper.current())
    expect(script.lastTarget?.settings.scopes).toEqual([])
  })

  it('ask for no more than the scopes that an admin typed: that is for a person', async () => {
    const { keeper, script, told } = startKeeper({ settings: { ...settings, scopes: ['read'] } })
    const authorization = await keeper.renew()
    const message =
      'GitHub wants the scopes admin for this. If it is to have them, add them in the OAuth settings, and sign in again.'
    for (let calls = 0; calls < 3; calls++) {
      await expect(keeper.renew({ ...refusedWith(undefined, 'admin'), authorization })).rejects.toMatchObject({
        code: 'authorization_required',
        message,
      })
    }
    expect(told.needed).toEqual([{ reason: 'scope', message }])
    expect(script.count('client_credentials')).toBe(1)
    expect(keeper.current()).toBe(authorization)
    expect(keeper.status()).toMatchObject({ state: 'signed_in', missing_scopes: ['admin'] })
    // Nor when the token is renewed for another reason.
    await keeper.renew({ ...refusedWith(undefined), authorization })
    expect(script.lastTarget?.settings.scopes).toEqual(['read'])
  })

  it('look for the server again after a failure', async () => {
    const { keeper, script } = startKeeper({ settings })
    await keeper.renew()
    script.failures.push(oauthError('unreachable'))
    await keeper.renew(refusedWith('access-token-1')).catch(() => undefined)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await keeper.renew()).toBe('Bearer access-token-2')
    expect(script.count('discover')).toBe(2)
  })

  it('that are refused wait for a person', async () => {
    const { keeper, script, told } = startKeeper({ settings })
    script.failures.push(...Array.from({ length: 1 }, () => oauthError('invalid_client')))
    await expect(keeper.renew()).rejects.toMatchObject({ code: 'authorization_required' })
    await vi.advanceTimersByTimeAsync(HOUR_MS)
    await expect(keeper.renew()).rejects.toMatchObject({ code: 'authorization_required' })
    expect(script.asked).toEqual(['discover'])
    expect(told.needed.map(({ reason }) => reason)).toEqual(['ended'])
    // Asking for it is what a person does.
    expect(await keeper.authorize()).toEqual({ authorization_url: null, redirect_uri: null, expires_at: null })
    expect(told.granted).toBe(1)
    expect(keeper.current()).toBe('Bearer access-token-1')
  })
})

describe('the end of the process', () => {
  it('lets a rotation that is under way be stored', async () => {
    const { keeper, script, stored } = startKeeper({ records: signedIn() })
    const slow = gate()
    script.until = slow.opened
    const renewed = keeper.renew(refusedWith('access-token-0'))
    await vi.waitUntil(() => script.asked.length === 1)
    const closed = keeper.close()
    slow.open()
    await closed
    expect(await renewed).toBe('Bearer access-token-1')
    expect(stored.records.grant?.refreshToken).toBe('refresh-token-1')
    await expect(keeper.renew(refusedWith('access-token-1'))).rejects.toMatchObject({ code: 'upstream_unavailable' })
  })
})
