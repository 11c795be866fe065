import { expect } from 'vitest'
import { OAuthSettings } from '../../../src/shared/contract/oauth.ts'
import type { FoundServer } from '../../../src/main/oauth/found-server.ts'
import { OAuthError } from '../../../src/main/oauth/oauth-error.ts'
import type { OAuthFetch, OAuthRequest } from '../../../src/main/oauth/oauth-fetch.ts'
import type { OAuthCredentials, OAuthTarget } from '../../../src/main/oauth/oauth-target.ts'
import type { OAuthClient, ServerFacts } from '../../../src/main/oauth/records.ts'

export const ISSUER = 'https://as.example'
export const RESOURCE = 'https://mcp.example/mcp'
export const REDIRECT = 'http://127.0.0.1:4747/oauth/callback'

export function facts(changes: Partial<ServerFacts> = {}): ServerFacts {
  return {
    issuer: ISSUER,
    authorization_endpoint: `${ISSUER}/authorize`,
    token_endpoint: `${ISSUER}/token`,
    registration_endpoint: `${ISSUER}/register`,
    revocation_endpoint: `${ISSUER}/revoke`,
    ...changes,
  }
}

export function found(changes: Partial<FoundServer> = {}): FoundServer {
  const server = changes.server ?? facts()
  return {
    server,
    resource: RESOURCE,
    scopes: undefined,
    issuers: [server.issuer],
    source: 'protected_resource',
    ...changes,
  }
}

export function target(settings: Partial<OAuthSettings> = {}, credentials: OAuthCredentials = {}): OAuthTarget {
  return { protocol: 'mcp', url: new URL(RESOURCE), settings: OAuthSettings.parse(settings), credentials }
}

export function client(changes: Partial<OAuthClient> = {}): OAuthClient {
  return {
    issuer: ISSUER,
    clientId: 'a client',
    method: 'none',
    registration: 'dynamic',
    redirectUris: [REDIRECT],
    ...changes,
  }
}

export interface Asked {
  url: string
  headers: Record<string, string>
  /** A form or JSON body. */
  body: Record<string, unknown>
}

/** A fetch that gives these answers in turn, and what it was asked. */
export function answering(...answers: (Response | Error)[]): { fetch: OAuthFetch; asked: Asked[] } {
  const asked: Asked[] = []
  const fetch: OAuthFetch = (url, { headers, body }: OAuthRequest) => {
    const read = body instanceof URLSearchParams ? Object.fromEntries(body) : (JSON.parse(body ?? '{}') as object)
    asked.push({ url, headers, body: { ...read } })
    const answer = answers.shift() ?? new Error(`nothing is to be asked of ${url}`)
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
  }
  return { fetch, asked }
}

export const nothing = answering().fetch

export function tokens(changes: object = {}, status = 200): Response {
  return Response.json({ access_token: 'access-1', token_type: 'Bearer', expires_in: 600, ...changes }, { status })
}

/** What it was rejected with, as an OAuthError without anything that could hold a secret. */
export async function failure(promise: Promise<unknown>): Promise<OAuthError> {
  const error = await promise.then(
    () => new Error('it was not rejected'),
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(OAuthError)
  const oauthError = error as OAuthError
  expect(oauthError.cause, 'errors of oauth4webapi carry whole answers').toBeUndefined()
  expect(oauthError.fix).not.toBe('')
  return oauthError
}
