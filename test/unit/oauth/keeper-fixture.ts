import { onTestFinished } from 'vitest'
import { OAuthSettings } from '../../../src/shared/contract/oauth.ts'
import { AppError } from '../../../src/main/base/app-error.ts'
import { createLogger } from '../../../src/main/base/log.ts'
import { isAt } from '../../../src/main/oauth/callback-uri.ts'
import { OAuthKeeper } from '../../../src/main/oauth/keeper.ts'
import type { OAuthProtocol, RecordChanges } from '../../../src/main/oauth/keeper-options.ts'
import { OAuthError, type OAuthReason } from '../../../src/main/oauth/oauth-error.ts'
import type { OAuthTarget } from '../../../src/main/oauth/oauth-target.ts'
import type { OAuthClient, OAuthGrant, OAuthRecords } from '../../../src/main/oauth/records.ts'

const ISSUER = 'https://as.example'
export const server = {
  issuer: ISSUER,
  token_endpoint: `${ISSUER}/token`,
  authorization_endpoint: `${ISSUER}/authorize`,
}
export const HOUR_MS = 3_600_000
export const BEGIN = Date.parse('2026-12-01T12:00:00.000Z')
export const REDIRECT_URI = 'http://127.0.0.1:7420/oauth/callback'

const isoAt = (ms: number) => new Date(ms).toISOString()

export function clientAs(changes: Partial<OAuthClient> = {}): OAuthClient {
  const clientId = 'client-1'
  return { issuer: ISSUER, clientId, method: 'none', registration: 'dynamic', redirectUris: [REDIRECT_URI], ...changes }
}

export function grantAs(changes: Partial<OAuthGrant> = {}): OAuthGrant {
  return {
    server,
    clientId: 'client-1',
    accessToken: 'access-token-0',
    refreshToken: 'refresh-token-0',
    obtainedAt: isoAt(BEGIN),
    expiresAt: isoAt(BEGIN + HOUR_MS),
    signedInAt: isoAt(BEGIN),
    scopes: ['tools:read'],
    ...changes,
  }
}

/** With neither a refresh token nor, if that is left out as well, an end. */
export function lastingGrant(changes: Partial<OAuthGrant> = {}): OAuthGrant {
  const { refreshToken: _refreshToken, ...grant } = grantAs(changes)
  return grant
}

export function oauthError(reason: OAuthReason, message = `The server said ${reason}.`): OAuthError {
  return new OAuthError(reason, message, { fix: 'Do something about it.' })
}

/** Waits for a thing that takes a while, and lets it go on when the test says so. */
export function gate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}

/**
 * An authorization server of twenty lines, whose answers a test decides: it counts what is asked of it, and numbers the
 * tokens that it gives.
 */
function scriptedProtocol(now: () => number) {
  const asked: string[] = []
  let tokens = 0
  let clients = 0
  const script = {
    asked,
    /** What the next requests end with; after them everything goes well. */
    failures: [] as Error[],
    /** Held until this is there. */
    until: Promise.resolve(),
    refreshToken: true as boolean,
    expiresInMs: HOUR_MS as number | undefined,
    scopes: undefined as string[] | undefined,
    /** Whoever asks for it hears `invalid_scope`. */
    unknownScope: undefined as string | undefined,
    lastTarget: undefined as OAuthTarget | undefined,
    count: (what: string) => asked.filter((step) => step === what).length,
  }
  const step = async (what: string) => {
    asked.push(what)
    await script.until
    const failure = script.failures.shift()
    if (failure !== undefined) throw failure
  }
  const granted = (scopes: string[]): OAuthGrant => {
    if (script.unknownScope !== undefined && scopes.includes(script.unknownScope)) throw oauthError('invalid_scope')
    const number = ++tokens
    const grant = grantAs({
      accessToken: `access-token-${number}`,
      refreshToken: `refresh-token-${number}`,
      obtainedAt: isoAt(now()),
      signedInAt: isoAt(now()),
      scopes: script.scopes ?? scopes,
    })
    if (!script.refreshToken) delete grant.refreshToken
    if (script.expiresInMs === undefined) delete grant.expiresAt
    else grant.expiresAt = isoAt(now() + script.expiresInMs)
    return grant
  }
  const protocol: OAuthProtocol = {
    discover: async () => {
      await step('discover')
      return {
        server,
        resource: 'https://mcp.example',
        scopes: undefined,
        issuers: [ISSUER],
        source: 'protected_resource',
      }
    },
    clientFor: async (_found, { settings }, { stored, redirectUri }) => {
      if (settings.client_id !== undefined) {
        return clientAs({ clientId: settings.client_id, registration: 'pre_registered', redirectUris: [] })
      }
      if (stored?.redirectUris.some((uri) => isAt(uri, redirectUri)) === true) return stored
      await step('register')
      return clientAs({ clientId: `client-${++clients}`, redirectUris: [redirectUri] })
    },
    beginAuthorization: async (_found, client, { settings }, { redirectUri, scopes = settings.scopes }) => {
      await step('begin')
      const state = `state-of-the-sign-in-${asked.length}`
      const authorizationUrl = `${ISSUER}/authorize?state=${state}`
      const expiresAt = isoAt(now() + 600_000)
      return {
        state,
        codeVerifier: 'verifier-verifier',
        server,
        client,
        redirectUri,
        scopes,
        expiresAt,
        authorizationUrl,
      }
    },
    finishAuthorization: async (pending) => {
      await step('finish')
      return { ...granted(pending.scopes), clientId: pending.client.clientId }
    },
    refreshGrant: async (grant) => {
      await step(`refresh ${grant.refreshToken}`)
      return { ...granted(grant.scopes), clientId: grant.clientId }
    },
    clientCredentials: async (_found, client, target) => {
      script.lastTarget = target
      await step('client_credentials')
      const { refreshToken: _none, ...grant } = granted(target.settings.scopes)
      return { ...grant, clientId: client.clientId }
    },
    revokeGrant: async ({ accessToken }) => step(`revoke ${accessToken}`),
  }
  return { script, protocol }
}

interface Given {
  records?: OAuthRecords
  settings?: Partial<OAuthSettings>
}

/** A keeper over records in memory, at a time that the test's fake timers tell. It is loaded. */
export function startKeeper({ records = {}, settings = {} }: Given = {}) {
  const lines: string[] = []
  const stored = { records: { ...records }, locked: false, failures: [] as Error[], writes: 0 }
  const told = { changed: 0, granted: 0, needed: [] as { reason: string; message: string }[] }
  const redirect = { uri: REDIRECT_URI, open: [] as string[], failure: undefined as Error | undefined }
  const target: OAuthTarget = {
    protocol: 'mcp',
    url: new URL('https://mcp.example/mcp'),
    settings: OAuthSettings.parse(settings),
    credentials: {},
  }
  const now = () => Date.now()
  const { script, protocol } = scriptedProtocol(now)
  const refuseLocked = () => {
    if (stored.locked) throw new AppError('vault_locked')
  }
  const make = () =>
    new OAuthKeeper({
      title: () => 'GitHub',
      target: () => {
        refuseLocked()
        return target
      },
      records: {
        read: () => {
          refuseLocked()
          return structuredClone(stored.records)
        },
        write: async (changes: RecordChanges) => {
          await Promise.resolve()
          refuseLocked()
          const failure = stored.failures.shift()
          if (failure !== undefined) throw failure
          stored.writes++
          for (const [kind, value] of Object.entries(changes)) {
            stored.records = { ...stored.records, [kind]: value ?? undefined }
          }
        },
      },
      redirectUri: () => redirect.uri,
      openRedirect: (uri) => {
        if (redirect.failure !== undefined) return Promise.reject(redirect.failure)
        redirect.open.push(uri)
        return Promise.resolve({
          close: () => {
            redirect.open.splice(redirect.open.indexOf(uri), 1)
            return Promise.resolve()
          },
        })
      },
      fetch: () => () => Promise.reject(new Error('the protocol of this test does not fetch')),
      protocol,
      changed: () => told.changed++,
      granted: () => told.granted++,
      needed: (reason, message) => told.needed.push({ reason, message }),
      log: createLogger({ level: 'debug', destination: { write: (line) => lines.push(line) } }),
      now,
      random: () => 0.5,
    })
  const keeper = make()
  keeper.load()
  onTestFinished(() => keeper.close())
  return { keeper, make, stored, told, script, redirect, target, log: () => lines.join('') }
}

/** A request that was answered 401, or 403 with the scopes that it needs. */
export const refusedWith = (token: string | undefined, scope?: string) => ({
  authorization: token === undefined ? undefined : `Bearer ${token}`,
  status: scope === undefined ? 401 : 403,
  challenge:
    scope === undefined
      ? 'Bearer error="invalid_token"'
      : `Bearer error="insufficient_scope", scope="${scope.replaceAll('\\', '\\\\')}"`,
})
