import { resourceUriOf } from '../oauth/resource-uri.ts'
import type { OAuthField } from '../store/schema.ts'
import { OAUTH_FIELDS } from '../store/sealed-rows.ts'
import { sameTarget } from './connection-target.ts'
import type { ConnectionSettings } from './credentials.ts'
import { oauthSettings } from './oauth-problems.ts'

/** Settings with the client identifier that stands among the credentials, if there is one. */
export interface AuthorizationIdentity {
  settings: ConnectionSettings
  clientId: string | undefined
}

/** What a grant is for, beside the server and the client. */
const GRANTED = ['grant_type', 'resource', 'audience', 'client_metadata_url'] as const
/** Where secrets of a client and refresh tokens are sent to. */
const ENDPOINTS = ['issuer', 'authorization_url', 'token_url', 'revocation_url'] as const

/**
 * What is kept of a sign-in and of no use to the changed settings: a token that was granted for one server, authorization
 * server, client or kind of grant must not go to another (RFC 9700, 2.3). A client of the same server stays: it is bound
 * to its issuer by itself. Undefined: everything stays.
 */
export function forgottenBy(
  before: AuthorizationIdentity,
  after: AuthorizationIdentity,
): readonly OAuthField[] | undefined {
  if (before.settings.authType !== 'oauth2') return undefined
  if (after.settings.authType !== 'oauth2') return OAUTH_FIELDS
  const [former, next] = [oauthSettings(before.settings), oauthSettings(after.settings)]
  const sameClient = (former.client_id ?? before.clientId) === (next.client_id ?? after.clientId)
  const holds =
    sameClient &&
    sameResource(before.settings, after.settings) &&
    [...ENDPOINTS, ...GRANTED].every((key) => former[key] === next[key])
  return holds ? undefined : ['oauth.grant', 'oauth.pending']
}

/** Whether tokens go to where they went: an MCP server is its URL (RFC 8707, 2), an API all that gets its credentials. */
function sameResource(before: ConnectionSettings, after: ConnectionSettings): boolean {
  if (!sameTarget(before, after)) return false
  if (before.protocol === 'rest' || after.protocol === 'rest') return true
  const [former, next] = [before.mcp, after.mcp]
  if (former.transport === 'stdio' || next.transport === 'stdio') return false
  return resourceUriOf(new URL(former.server_url)) === resourceUriOf(new URL(next.server_url))
}

/**
 * Whether secrets that were given for `stored` may go to `draft`. With OAuth the authorization server gets them as well,
 * which the target names, or the settings.
 */
export function mayGo(stored: ConnectionSettings, draft: ConnectionSettings): boolean {
  if (!sameTarget(stored, draft)) return false
  const [former, next] = [oauthSettings(stored), oauthSettings(draft)]
  return draft.authType !== 'oauth2' || ENDPOINTS.every((key) => former[key] === next[key])
}
