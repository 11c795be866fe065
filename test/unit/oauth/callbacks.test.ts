import { describe, expect, it } from 'vitest'
import { AppError } from '../../../src/main/base/app-error.ts'
import { createLogger } from '../../../src/main/base/log.ts'
import { OAuthCallbacks } from '../../../src/main/oauth/callbacks.ts'
import type { PendingAuthorization } from '../../../src/main/oauth/records.ts'
import { clientAs, REDIRECT_URI, server } from './keeper-fixture.ts'

const OWN = `${REDIRECT_URI}/${'0a'.repeat(16)}`
const STATE = 'state-with-enough-bits-to-count'

/** Waits for one sign-in, which is used up by `finish`. */
function waitingKeeper(slug: string, state: string, redirectUri = REDIRECT_URI) {
  const finished: string[] = []
  let pending: PendingAuthorization | undefined = {
    state,
    codeVerifier: 'verifier-verifier',
    server,
    client: clientAs(),
    redirectUri,
    scopes: [],
    expiresAt: '2026-12-01T12:10:00.000Z',
    authorizationUrl: `https://as.example/authorize?state=${state}`,
  }
  const outcome = { failure: undefined as Error | undefined, locked: false }
  const keeper = {
    get pending() {
      if (outcome.locked) throw new AppError('vault_locked')
      return pending
    },
    finish: (params: URLSearchParams) => {
      pending = undefined
      finished.push(params.toString())
      return outcome.failure === undefined ? Promise.resolve() : Promise.reject(outcome.failure)
    },
  }
  return { integration: { workspace: 'default', slug, title: slug.toUpperCase() }, keeper, finished, outcome }
}

function callbacksOf(...keepers: ReturnType<typeof waitingKeeper>[]) {
  const lines: string[] = []
  const log = createLogger({ level: 'debug', destination: { write: (line) => lines.push(line) } })
  return { callbacks: new OAuthCallbacks({ keepers: () => keepers, log }), log: () => lines.join('') }
}

const backWith = (state: string, at = REDIRECT_URI) => new URL(`${at}?code=the-code-itself&state=${state}`)

describe('a browser that comes back', () => {
  it('finishes the sign-in with its state, among all that wait', async () => {
    const [github, linear] = [waitingKeeper('github', STATE), waitingKeeper('linear', 'another-state-that-waits-too')]
    const { callbacks } = callbacksOf(github, linear)
    expect(await callbacks.take(backWith('another-state-that-waits-too'))).toEqual({
      ok: true,
      integration: linear.integration,
      message: 'Signed in to LINEAR.',
    })
    expect(linear.finished).toEqual(['code=the-code-itself&state=another-state-that-waits-too'])
    expect(github.finished).toEqual([])
  })

  it.each([
    ['another state', backWith('another')],
    ['the beginning of it', backWith(STATE.slice(0, -1))],
    ['none', new URL(`${REDIRECT_URI}?code=the-code-itself`)],
    ['an empty one', backWith('')],
    ['two of them', backWith(`${STATE}&state=${STATE}`)],
    ['one in the fragment', new URL(`${REDIRECT_URI}#state=${STATE}`)],
  ])('is refused with %s, logged without its query, and uses nothing up', async (_what, url) => {
    const github = waitingKeeper('github', STATE)
    const { callbacks, log } = callbacksOf(github)
    const outcome = await callbacks.take(url)
    expect(outcome).toMatchObject({ ok: false })
    expect(outcome.integration).toBeUndefined()
    expect(github.finished).toEqual([])
    expect(log()).toContain('does not wait')
    expect(log()).not.toMatch(/the-code-itself|state-with/)
  })

  it('is refused the second time', async () => {
    const github = waitingKeeper('github', STATE)
    const { callbacks } = callbacksOf(github)
    expect(await callbacks.take(backWith(STATE))).toMatchObject({ ok: true })
    expect(await callbacks.take(backWith(STATE))).toMatchObject({ ok: false })
    expect(github.finished).toHaveLength(1)
  })

  it.each([
    ['a link in place of the address', REDIRECT_URI, 'gatehouse://oauth/callback'],
    ['the address in place of a link', 'gatehouse://oauth/callback', REDIRECT_URI],
    ['another port', REDIRECT_URI, 'http://127.0.0.1:7421/oauth/callback'],
    ['another host', REDIRECT_URI, 'http://localhost:7420/oauth/callback'],
    ['another path', REDIRECT_URI, 'http://127.0.0.1:7420/oauth/callback/'],
    ['the path of another client', OWN, OWN.replace('0', '1')],
    ['the plain path', OWN, REDIRECT_URI],
    ['the path of a client', REDIRECT_URI, OWN],
  ])('is refused at %s', async (_what, agreed, came) => {
    const github = waitingKeeper('github', STATE, agreed)
    const { callbacks, log } = callbacksOf(github)
    expect(await callbacks.take(backWith(STATE, came))).toMatchObject({ ok: false, integration: github.integration })
    expect(github.finished).toEqual([])
    expect(log()).toContain('another address')
    expect(await callbacks.take(backWith(STATE, agreed))).toMatchObject({ ok: true })
  })

  it('comes back by a link however the system writes it', async () => {
    const github = waitingKeeper('github', STATE, 'gatehouse://oauth/callback')
    const { callbacks } = callbacksOf(github)
    expect(await callbacks.take(backWith(STATE, 'gatehouse://oauth/callback/'))).toMatchObject({ ok: true })
  })

  it('is told what went wrong, in the words that are for people', async () => {
    const github = waitingKeeper('github', STATE)
    const { callbacks, log } = callbacksOf(github)
    github.outcome.failure = new AppError('authorization_required', { message: 'It was refused. Ask for access.' })
    expect(await callbacks.take(backWith(STATE))).toEqual({
      ok: false,
      integration: github.integration,
      message: 'It was refused. Ask for access.',
    })
    const broken = waitingKeeper('broken', STATE)
    broken.outcome.failure = new TypeError('x is not a function')
    const outcome = await callbacksOf(broken).callbacks.take(backWith(STATE))
    expect(outcome.message).not.toContain('x is not')
    expect(log()).not.toContain('the-code-itself')
  })

  it('is asked to unlock the vault when that is why nothing is known', async () => {
    const [locked, open] = [waitingKeeper('github', STATE), waitingKeeper('linear', 'another-state-that-waits-too')]
    locked.outcome.locked = true
    const { callbacks } = callbacksOf(locked, open)
    expect((await callbacks.take(backWith(STATE))).message).toMatch(/Unlock it/)
    expect(await callbacks.take(backWith('another-state-that-waits-too'))).toMatchObject({ ok: true })
  })
})
