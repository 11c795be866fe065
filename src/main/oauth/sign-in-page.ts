import type { Redactor } from '../base/redact.ts'
import type { Finding } from './doctor-run.ts'
import type { OAuthFetch } from './oauth-fetch.ts'
import type { PendingAuthorization } from './records.ts'

/**
 * Whether the page where a person signs in takes us, as far as can be seen without a browser: it is asked once, and what
 * it leads to is not. Undefined: nothing speaks against it.
 */
export async function checkSignInPage(
  { authorizationUrl, redirectUri, server, client, state, codeVerifier }: PendingAuthorization,
  fetch: OAuthFetch,
  redactor: Redactor,
): Promise<Finding | undefined> {
  const secrets = [state, codeVerifier]
  for (const secret of secrets) redactor.register(secret)
  try {
    const response = await fetch(authorizationUrl, { method: 'GET', headers: { accept: 'text/html' } })
    const { host } = new URL(server.issuer)
    const refusal = refusalIn(response.headers.get('location'), redirectUri)
    if (refusal !== undefined) {
      const message = `${host} refuses the sign-in: ${refusal}.`
      return { state: 'failed', message, fix: fixFor(refusal) }
    }
    if (response.status < 400) return undefined
    const message = `The page where one signs in at ${host} answers ${response.status}. Most often it does not know the client or its redirect URI.`
    const fix =
      client.registration === 'pre_registered'
        ? `Check there that the client ${client.clientId} exists and has exactly this redirect URI: ${redirectUri}.`
        : 'Sign out and sign in again: Gatehouse then registers itself anew.'
    return { state: 'failed', message, fix }
  } finally {
    for (const secret of secrets) redactor.forget(secret)
  }
}

/** The name of an error with which the browser would be sent back (RFC 6749, 4.1.2.1). */
function refusalIn(location: string | null, redirectUri: string): string | undefined {
  if (location?.startsWith(redirectUri) !== true) return undefined
  const error = (URL.canParse(location) ? new URL(location).searchParams.get('error') : null) ?? ''
  return /^[a-z_]{1,60}$/.test(error) ? error : undefined
}

function fixFor(refusal: string): string {
  if (refusal === 'invalid_scope') return 'Change the scopes in the OAuth settings to those that the server knows.'
  if (refusal === 'invalid_target') return 'Change the resource in the OAuth settings, or ask whoever runs the server.'
  if (refusal === 'unauthorized_client') return 'The client may not sign people in: change that where it is registered.'
  return 'Ask whoever runs the authorization server.'
}
