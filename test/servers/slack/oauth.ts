import { createHash, randomBytes } from 'node:crypto'
import { BOT_SCOPES, type FakeWorkspace } from './workspace.ts'

const REFRESH_MS = 30 * 24 * 60 * 60 * 1000

interface Code {
  clientId: string
  redirectUri: string
  challenge: string
  scopes: string[]
}

interface RefreshToken {
  clientId: string
  scopes: string[]
  accessToken: string
  endsAt: number
}

/** An app with PKCE turned on: a public client, whose tokens rotate. */
export interface FakeApp {
  clientId: string
  redirectUris: string[]
  scopes: string[]
}

/** `/oauth/v2_user/authorize` and `oauth.v2.user.access`, as Ada who agrees to everything. */
export class FakeOAuth {
  readonly app: FakeApp = { clientId: '1234567890.1234567890', redirectUris: [], scopes: BOT_SCOPES }
  /** How long an access token holds. */
  accessSeconds = 43_200
  readonly #workspace: FakeWorkspace
  readonly #codes = new Map<string, Code>()
  readonly #refreshTokens = new Map<string, RefreshToken>()

  constructor(workspace: FakeWorkspace) {
    this.#workspace = workspace
  }

  /** Where the browser goes next; a text where Slack shows a page with an error. */
  authorize(query: URLSearchParams): { location: string } | { page: string } {
    const { clientId, redirectUris, scopes: allowed } = this.app
    const redirectUri = query.get('redirect_uri') ?? ''
    if (query.get('client_id') !== clientId) return { page: 'invalid_client_id' }
    if (!redirectUris.includes(redirectUri)) return { page: 'bad_redirect_uri' }
    const scopes = (query.get('scope') ?? '').split(/[ ,]+/).filter((scope) => scope !== '')
    const location = new URL(redirectUri)
    location.searchParams.set('state', query.get('state') ?? '')
    const challenge = query.get('code_challenge') ?? ''
    if (scopes.length === 0 || scopes.some((scope) => !allowed.includes(scope))) {
      location.searchParams.set('error', 'invalid_scope')
    } else if (challenge === '' || query.get('code_challenge_method') !== 'S256') {
      location.searchParams.set('error', 'invalid_request')
    } else {
      const code = randomBytes(12).toString('hex')
      this.#codes.set(code, { clientId, redirectUri, challenge, scopes })
      location.searchParams.set('code', code)
    }
    return { location: location.href }
  }

  /** The body of an answer, which is always a 200. */
  access(form: URLSearchParams): Record<string, unknown> {
    if (form.get('client_id') !== this.app.clientId) return { ok: false, error: 'invalid_client_id' }
    if (form.get('grant_type') === 'refresh_token') return this.#refresh(form.get('refresh_token') ?? '')
    const code = this.#codes.get(form.get('code') ?? '')
    this.#codes.delete(form.get('code') ?? '')
    if (code === undefined) return { ok: false, error: 'invalid_code' }
    if (form.get('redirect_uri') !== code.redirectUri) return { ok: false, error: 'bad_redirect_uri' }
    const verifier = form.get('code_verifier') ?? ''
    const challenge = createHash('sha256').update(verifier).digest('base64url')
    if (challenge !== code.challenge) return { ok: false, error: 'invalid_code_verifier' }
    return this.#granted(code.scopes)
  }

  /** Nobody who held a refresh token gets another by it. */
  endGrants(): void {
    this.#refreshTokens.clear()
  }

  #refresh(token: string): Record<string, unknown> {
    const known = this.#refreshTokens.get(token)
    this.#refreshTokens.delete(token)
    if (known === undefined || known.endsAt < this.#workspace.clockMs) {
      return { ok: false, error: 'invalid_refresh_token' }
    }
    const former = this.#workspace.tokens.get(known.accessToken)
    if (former !== undefined) former.state = 'token_expired'
    return this.#granted(known.scopes)
  }

  #granted(scopes: string[]): Record<string, unknown> {
    const accessToken = `xoxe.xoxp-1-${randomBytes(12).toString('hex')}`
    const refreshToken = `xoxe-1-${randomBytes(12).toString('hex')}`
    const { team, clockMs } = this.#workspace
    this.#workspace.addToken({ token: accessToken, kind: 'user', user: 'U0ADA00001', scopes })
    const endsAt = clockMs + REFRESH_MS
    this.#refreshTokens.set(refreshToken, { clientId: this.app.clientId, scopes, accessToken, endsAt })
    return {
      ok: true,
      app_id: 'A0GATE0001',
      team,
      enterprise: null,
      user_id: 'U0ADA00001',
      access_token: accessToken,
      token_type: 'user',
      scope: scopes.join(','),
      refresh_token: refreshToken,
      expires_in: this.accessSeconds,
    }
  }
}
