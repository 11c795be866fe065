import { processRevocationResponse, revocationRequest } from 'oauth4webapi'
import { clientAuthOf } from './client-auth.ts'
import { OAuthError } from './oauth-error.ts'
import type { OAuthFetch } from './oauth-fetch.ts'
import type { OAuthTarget } from './oauth-target.ts'
import type { OAuthClient, OAuthGrant } from './records.ts'
import { answerOf, jsonBodyOf } from './token-answer.ts'
import { inOurWords, throwIfTroubled } from './token-errors.ts'
import { assertOwn, clientOf, contextOf, wiring } from './token-requests.ts'

/**
 * Tells the server that a grant is over (RFC 7009), where it can be told. The refresh token goes first, which ends the other as
 * well at most servers; each is tried whatever becomes of the other. Throws OAuthError: the tokens may go on to hold.
 */
export async function revokeGrant(
  grant: OAuthGrant,
  client: OAuthClient,
  target: OAuthTarget,
  { fetch }: { fetch: OAuthFetch },
): Promise<void> {
  const { refreshToken, accessToken } = grant
  const endpoint = target.settings.revocation_url ?? grant.server.revocation_endpoint
  if (endpoint === undefined) return
  const server = { ...grant.server, revocation_endpoint: endpoint }
  assertOwn(client, server)
  const { scopes, resource } = grant
  const revoke = async (token: string, hint: string) => {
    const secrets = [token]
    await inOurWords(contextOf('revocation', { server, client, scopes, resource, secrets }), async () => {
      const auth = await clientAuthOf(client, target.credentials)
      const options = { ...wiring(fetch), additionalParameters: { token_type_hint: hint } }
      const response = await revocationRequest(server, clientOf(client), auth, token, options)
      throwIfTroubled(response, server.issuer)
      const body = await jsonBodyOf(response)
      // Some keep access tokens that nothing can take back; that is no failure of ours (RFC 7009, 2.2.1).
      if (response.ok || body?.error === 'unsupported_token_type') return
      await processRevocationResponse(answerOf(response.status, body ?? {}))
    })
  }
  const failures: unknown[] = []
  if (refreshToken !== undefined)
    await revoke(refreshToken, 'refresh_token').catch((error: unknown) => failures.push(error))
  if (accessToken !== '') await revoke(accessToken, 'access_token').catch((error: unknown) => failures.push(error))
  const [failure] = failures
  if (failure === undefined) return
  throw failure instanceof Error
    ? failure
    : new OAuthError('server_error', 'The tokens could not be revoked.', { fix: '' })
}
