import type { OAuthValues } from './oauth-values.ts'

const PATH = '/oauth/callback'

/**
 * Where the browser will come back to: what a client that is registered by hand has to name, letter for letter. Undefined
 * while the address of the gateway is not known.
 */
export function redirectUriOf(
  { redirect, redirect_port }: Pick<OAuthValues, 'redirect' | 'redirect_port'>,
  mcpUrl: string | undefined,
): string | undefined {
  if (redirect === 'deep_link') return `gatehouse:/${PATH}`
  const port = redirect_port.trim() || (mcpUrl === undefined ? '' : new URL(mcpUrl).port)
  return port === '' ? undefined : `http://127.0.0.1:${port}${PATH}`
}
