import type { Integration } from '../../../../src/shared/contract/integrations.ts'
import type { OAuthSettings, OAuthStatus } from '../../../../src/shared/contract/oauth.ts'
import { connection, integration } from '../integration-fixture.ts'

export function oauthStatus(changes: Partial<OAuthStatus> = {}): OAuthStatus {
  return {
    state: 'signed_out',
    issuer: null,
    issuers: [],
    client_id: null,
    registration: null,
    scopes: [],
    missing_scopes: [],
    expires_at: null,
    renews: false,
    signed_in_at: null,
    waiting: null,
    redirect_uri: 'http://127.0.0.1:7420/oauth/callback',
    problem: null,
    ...changes,
  }
}

export const usualSettings: OAuthSettings = {
  grant_type: 'authorization_code',
  scopes: [],
  redirect: 'loopback',
  allow_unadvertised_pkce: false,
}

/** An integration that signs in with OAuth: one that is signed in is connected. */
export function oauthIntegration(
  name: string,
  status: Partial<OAuthStatus> = {},
  changes: Partial<Integration> = {},
): Integration {
  const isSignedIn = status.state === 'signed_in'
  return integration(name, {
    auth_type: 'oauth2',
    oauth: oauthStatus(status),
    connection: {
      ...connection(isSignedIn ? 'connected' : 'needs_auth'),
      error: isSignedIn ? null : { code: 'authorization_required', message: `Sign in to ${name} in Gatehouse.` },
    },
    ...changes,
  })
}

export function inMinutes(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString()
}
