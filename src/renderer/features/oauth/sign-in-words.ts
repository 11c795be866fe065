import type { Integration } from '../../../shared/contract/integrations.ts'
import type { OAuthStatus } from '../../../shared/contract/oauth.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long before its end a grant that nobody renews is told of. */
const SOON_MS = 15 * MINUTE

export interface SignInWords {
  tone: 'ok' | 'info' | 'warn' | 'muted'
  title: string
  /** What it means or what to do, where the title does not say it all. */
  detail: string | undefined
}

/** How a sign-in stands, as a person is told. `starting`: the core is finding out where one signs in. */
export function signInWords(
  { oauth, auth }: { oauth: OAuthStatus; auth: Integration['auth'] },
  { now, starting }: { now: number; starting: boolean },
): SignInWords {
  const isPerson = auth.oauth?.grant_type !== 'client_credentials'
  if (starting) {
    const title = isPerson ? 'Finding out where to sign in' : 'Getting a token'
    return { tone: 'info', title, detail: undefined }
  }
  if (oauth.waiting) {
    const until = new Intl.DateTimeFormat('en', { timeStyle: 'short', hour12: false })
    return {
      tone: 'info',
      title: 'Waiting for your browser',
      detail: `Sign in on the page that opened${ofIssuer(oauth)}. It is waited for until ${until.format(Date.parse(oauth.waiting.expires_at))}.`,
    }
  }
  const problem = oauth.problem?.message
  switch (oauth.state) {
    case 'signed_out':
      if (problem !== undefined) return { tone: 'warn', title: 'Not signed in', detail: problem }
      return {
        tone: 'warn',
        title: isPerson ? 'Not signed in yet' : 'No token yet',
        detail: isPerson ? 'Sign in with your browser; then its tools can be called.' : undefined,
      }
    case 'ended':
      return { tone: 'warn', title: isPerson ? 'The sign-in has ended' : 'The token has ended', detail: problem }
    case 'signed_in':
      return signedInWords(oauth, now, isPerson)
  }
}

function signedInWords(oauth: OAuthStatus, now: number, isPerson: boolean): SignInWords {
  const left = oauth.expires_at === null ? undefined : Date.parse(oauth.expires_at) - now
  const title = `${isPerson ? 'Signed in' : 'Has a token'}, ${lifeWords(oauth, left)}`
  const detail = oauth.problem?.message
  if (oauth.missing_scopes.length > 0) {
    const asked = scopeWords(oauth.missing_scopes)
    return { tone: 'warn', title, detail: `A tool asked for more access: ${asked}. Sign in again to grant it.` }
  }
  if (!oauth.renews && left !== undefined && left < SOON_MS) {
    return { tone: 'warn', title, detail: detail ?? 'It is not renewed by itself. Sign in again before it ends.' }
  }
  return { tone: detail === undefined ? 'ok' : 'warn', title, detail }
}

/** A server may name any number of scopes. */
const MAX_SCOPES = 20

/** `repo user`, and of many how many more there are. */
export function scopeWords(scopes: readonly string[]): string {
  const shown = scopes.slice(0, MAX_SCOPES).join(' ')
  const more = scopes.length - MAX_SCOPES
  return more > 0 ? `${shown} and ${more.toLocaleString('en')} more` : shown
}

function lifeWords({ renews }: OAuthStatus, left: number | undefined): string {
  if (renews) return 'renews by itself'
  if (left === undefined) return 'until the server ends it'
  return left > 0 ? `expires in ${leftWords(left)}` : 'expired'
}

/** `58 min`, `23 h`, `12 d`: never more than there is. */
export function leftWords(ms: number): string {
  if (ms < MINUTE) return 'less than 1 min'
  if (ms < 2 * HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h`
  return `${Math.floor(ms / DAY)} d`
}

function ofIssuer({ issuer }: OAuthStatus): string {
  const host = issuer === null ? undefined : URL.parse(issuer)?.host
  return host ? ` at ${host}` : ''
}

/** What only a person who has registered a client can mend. */
const ofClient: ReadonlySet<string> = new Set([
  'registration_needed',
  'registration_refused',
  'settings',
  'invalid_client',
  'unauthorized_client',
])

/** Whether it is up to the client, which is entered in the form. */
export function isOfClient(code: string | undefined): boolean {
  return code !== undefined && ofClient.has(code)
}

/** Whether somebody should sign in, or is about to. */
export function wantsSignIn({
  oauth,
  status,
  connection,
}: Pick<Integration, 'oauth' | 'status' | 'connection'>): boolean {
  if (oauth === null || status !== 'active') return false
  return oauth.waiting !== null || oauth.missing_scopes.length > 0 || connection.state === 'needs_auth'
}
