import { isObject } from '../base/is-object.ts'

/** The body of an answer, as an object; undefined: it is none. */
export async function jsonBodyOf(response: Response): Promise<Record<string, unknown> | undefined> {
  try {
    const body: unknown = JSON.parse(await response.text())
    return isObject(body) ? body : undefined
  } catch {
    return undefined
  }
}

/** An answer for oauth4webapi, which reads it strictly. */
export function answerOf(status: number, body: Record<string, unknown> | undefined): Response {
  // A status without a body takes none, and is no answer that says anything either.
  const hasBody = body !== undefined && ![204, 205, 304].includes(status)
  return hasBody ? Response.json(body, { status }) : new Response(null, { status })
}

/**
 * The answer of a token endpoint (RFC 6749, 5) with the slips put right that sign-ins fail over for no good: `null` for what is not
 * there, no token type, an error with status 200, a `WWW-Authenticate` beside the error that it repeats, another type of JSON.
 * An ID token is taken out where nobody asked for one: it would be checked, and is not used.
 */
export async function tokenAnswer(response: Response, { keepsIdToken }: { keepsIdToken: boolean }): Promise<Response> {
  const body = likeOthers(withoutEmpty(await jsonBodyOf(response)))
  if (body === undefined) return answerOf(response.status, undefined)
  if (!keepsIdToken) delete body.id_token
  if (body.access_token !== undefined) body.token_type ??= 'Bearer'
  const isError = response.status === 200 && body.access_token === undefined && typeof body.error === 'string'
  return answerOf(isError ? 400 : response.status, body)
}

/** The same of a registration endpoint (RFC 7591, 3.2): many answer 200, and leave out when the secret expires. */
export async function registrationAnswer(response: Response): Promise<Response> {
  const body = withoutEmpty(await jsonBodyOf(response))
  if (body?.client_secret !== undefined) body.client_secret_expires_at = Number(body.client_secret_expires_at ?? 0)
  return answerOf(response.status === 200 ? 201 : response.status, body)
}

/** Slack's names of errors, and what others call them. */
const SLACK_ERRORS: ReadonlyMap<unknown, string> = new Map([
  ...['invalid_code', 'code_already_used', 'invalid_code_verifier'].map((name) => [name, 'invalid_grant'] as const),
  ...['invalid_refresh_token', 'token_expired', 'token_revoked'].map((name) => [name, 'invalid_grant'] as const),
  ...['invalid_client_id', 'bad_client_secret'].map((name) => [name, 'invalid_client'] as const),
  ...['bad_redirect_uri', 'invalid_arguments'].map((name) => [name, 'invalid_request'] as const),
])

/**
 * Slack says with `ok` how it went: its errors and the type of its bearer tokens have names of its own, and commas stand
 * between its scopes.
 */
function likeOthers(body: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  if (typeof body?.ok !== 'boolean') return body
  const { error, scope, token_type: type } = body
  return {
    ...body,
    ...(SLACK_ERRORS.has(error) && { error: SLACK_ERRORS.get(error) }),
    ...((type === 'user' || type === 'bot') && { token_type: 'Bearer' }),
    ...(typeof scope === 'string' && { scope: scope.replaceAll(',', ' ') }),
  }
}

function withoutEmpty(body: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
  if (body === undefined) return undefined
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== ''))
}
