import { describe, expect, it } from 'vitest'
import {
  leftWords,
  scopeWords,
  signInWords,
  wantsSignIn,
} from '../../../../src/renderer/features/oauth/sign-in-words.ts'
import type { OAuthStatus } from '../../../../src/shared/contract/oauth.ts'
import { connection } from '../integration-fixture.ts'
import { oauthIntegration, oauthStatus, usualSettings } from './oauth-fixture.ts'

const now = Date.parse('2026-11-24T10:00:00.000Z')
const after = (minutes: number) => new Date(now + minutes * 60_000).toISOString()
const words = (status: Partial<OAuthStatus>, starting = false) =>
  signInWords({ oauth: oauthStatus(status), auth: {} }, { now, starting })

describe('how a sign-in stands', () => {
  it('says how long it holds', () => {
    expect(words({ state: 'signed_in', renews: true, expires_at: after(5) })).toEqual({
      tone: 'ok',
      title: 'Signed in, renews by itself',
      detail: undefined,
    })
    expect(words({ state: 'signed_in', expires_at: after(58) })).toMatchObject({
      tone: 'ok',
      title: 'Signed in, expires in 58 min',
    })
    expect(words({ state: 'signed_in' }).title).toBe('Signed in, until the server ends it')
    expect([0.5, 119, 120, 47 * 60, 48 * 60].map((minutes) => leftWords(minutes * 60_000))).toEqual([
      'less than 1 min',
      '119 min',
      '2 h',
      '47 h',
      '2 d',
    ])
  })

  it('warns before one ends that nobody renews', () => {
    expect(words({ state: 'signed_in', expires_at: after(14) })).toMatchObject({
      tone: 'warn',
      detail: 'It is not renewed by itself. Sign in again before it ends.',
    })
    expect(words({ state: 'signed_in', expires_at: after(-1) })).toMatchObject({
      tone: 'warn',
      title: 'Signed in, expired',
    })
  })

  it('says what a tool asked for beyond what was granted', () => {
    expect(words({ state: 'signed_in', renews: true, missing_scopes: ['a', 'b'] })).toMatchObject({
      tone: 'warn',
      detail: 'A tool asked for more access: a b. Sign in again to grant it.',
    })
  })

  it('names only the first of many scopes', () => {
    const scopes = Array.from({ length: 1_021 }, (_, index) => `s${index}`)
    const first = scopes.slice(0, 20).join(' ')
    expect(scopeWords(scopes.slice(0, 20))).toBe(first)
    expect(scopeWords(scopes.slice(0, 21))).toBe(`${first} and 1 more`)
    expect(words({ state: 'signed_in', missing_scopes: scopes }).detail).toBe(
      `A tool asked for more access: ${first} and 1,001 more. Sign in again to grant it.`,
    )
  })

  it('says why there is none', () => {
    const problem = { code: 'no_metadata', message: 'It does not say where one signs in.' }
    expect(words({ problem })).toMatchObject({ title: 'Not signed in', detail: problem.message })
    expect(words({ state: 'ended', problem })).toMatchObject({
      title: 'The sign-in has ended',
      detail: problem.message,
    })
    expect(words({ problem }, true)).toMatchObject({ tone: 'info', title: 'Finding out where to sign in' })
  })

  it('has other words where nobody is asked', () => {
    const auth = { oauth: { ...usualSettings, grant_type: 'client_credentials' as const } }
    const of = (status: Partial<OAuthStatus>) =>
      signInWords({ oauth: oauthStatus(status), auth }, { now, starting: false })
    expect([of({}).title, of({ state: 'ended' }).title, of({ state: 'signed_in', renews: true }).title]).toEqual([
      'No token yet',
      'The token has ended',
      'Has a token, renews by itself',
    ])
  })
})

it('somebody should sign in where nothing works without, or a tool needs more, but not to what is disabled', () => {
  expect(wantsSignIn(oauthIntegration('a'))).toBe(true)
  expect(wantsSignIn(oauthIntegration('a', {}, { status: 'disabled' }))).toBe(false)
  expect(wantsSignIn(oauthIntegration('a', { state: 'signed_in' }))).toBe(false)
  expect(wantsSignIn(oauthIntegration('a', { state: 'signed_in', missing_scopes: ['b'] }))).toBe(true)
  const failing = oauthIntegration('a', { state: 'signed_in' }, { connection: connection('error') })
  expect(wantsSignIn(failing)).toBe(false)
})
