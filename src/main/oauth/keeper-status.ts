import type { OAuthStatus } from '../../shared/contract/oauth.ts'
import type { Problem } from './keeper-errors.ts'
import type { OAuthClient, OAuthGrant, OAuthRecords } from './records.ts'

type GrantStatus = Pick<
  OAuthStatus,
  | 'state'
  | 'issuer'
  | 'client_id'
  | 'registration'
  | 'scopes'
  | 'missing_scopes'
  | 'expires_at'
  | 'renews'
  | 'signed_in_at'
  | 'problem'
>

const LOCKED: Problem = { code: 'vault_locked', message: 'The vault is locked. Unlock it to use this sign-in.' }

interface Circumstances {
  renews: boolean
  problem: Problem | undefined
}

/** What can be said of a grant and its client to anybody. Undefined records: the vault is locked. */
export function statusOf(records: OAuthRecords | undefined, { renews, problem }: Circumstances): GrantStatus {
  const { client, grant } = records ?? {}
  const ended = grant?.ended !== undefined
  return {
    ...statusOfClient(client, grant),
    state: grant === undefined ? 'signed_out' : ended ? 'ended' : 'signed_in',
    scopes: grant?.scopes ?? [],
    missing_scopes: (grant?.missingScopes ?? []).filter((scope) => grant?.scopes.includes(scope) === false),
    expires_at: ended ? null : (grant?.expiresAt ?? null),
    renews: grant !== undefined && !ended && renews,
    signed_in_at: grant?.signedInAt ?? null,
    problem: problem ?? grant?.ended ?? (records === undefined ? LOCKED : null),
  }
}

function statusOfClient(client: OAuthClient | undefined, grant: OAuthGrant | undefined) {
  return {
    issuer: grant?.server.issuer ?? client?.issuer ?? null,
    client_id: grant?.clientId ?? client?.clientId ?? null,
    registration: client?.registration ?? null,
  }
}
