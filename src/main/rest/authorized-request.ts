import { AccessTokens, refusesToken } from '../upstream/access-tokens.ts'
import { tokenLate } from '../upstream/http-errors.ts'
import { waitFor } from '../upstream/outcome.ts'
import type { SecretFilter } from '../upstream/secret-filter.ts'
import type { RefusedToken, TokenSource } from '../upstream/token-source.ts'
import type { ApiClient, ApiResponse } from './client/api-client.ts'
import type { BuiltRequest } from './request/request-builder.ts'

interface AuthorizedRequestOptions {
  client: ApiClient
  filter: SecretFilter
  /** Without it the request is sent as it is. */
  token: TokenSource | undefined
  /** How long a token is waited for. */
  timeoutMs: number
  signal: AbortSignal | undefined
}

/** The same request with this `Authorization`, where it may have the credentials of the integration. */
export function withToken(request: BuiltRequest, authorization: string): BuiltRequest {
  if (!request.isTrusted) return request
  const others = request.headers.filter(([name]) => name.toLowerCase() !== 'authorization')
  return { ...request, headers: [...others, ['Authorization', authorization]] }
}

/**
 * Sends a request with a token that holds, and once more with another one where it was refused: with 401 or 403 an API has
 * done nothing (RFC 6750, 3.1). Rejects as `ApiClient.exchange` and `TokenSource.renew` do; the last refusal is read as any
 * other answer.
 */
export async function sendAuthorized<Result>(
  request: BuiltRequest,
  read: (response: ApiResponse) => Promise<Result>,
  { client, filter, token, timeoutMs, signal }: AuthorizedRequestOptions,
): Promise<Result> {
  if (token === undefined || !request.isTrusted) return client.exchange(request, read, signal)
  const tokens = new AccessTokens(token, filter)
  const limits = { timeoutMs, late: () => tokenLate(timeoutMs), signal }
  const renewed = (refused?: RefusedToken) => waitFor(tokens.renewed(refused), limits)
  const renewedAfter = new Set<number>()
  for (let authorization = tokens.current() ?? (await renewed()); ;) {
    const sent = authorization
    const outcome = await client.exchange(
      withToken(request, sent),
      async (response) => {
        const { status } = response
        const challenge = challengeOf(response)
        if (!refusesToken(status, challenge) || renewedAfter.has(status)) return { result: await read(response) }
        return { refused: { authorization: sent, status, challenge } }
      },
      signal,
    )
    if ('result' in outcome) return outcome.result
    renewedAfter.add(outcome.refused.status)
    authorization = await renewed(outcome.refused)
  }
}

/** `WWW-Authenticate`; of several all, since each may be the one that counts. */
export function challengeOf({ headers }: Pick<ApiResponse, 'headers'>): string | undefined {
  const values = headers.filter(([name]) => name === 'www-authenticate').map(([, value]) => value)
  return values.length === 0 ? undefined : values.join(', ')
}
