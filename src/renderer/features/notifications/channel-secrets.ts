import type { ChannelCredentials } from '../../../shared/contract/channels.ts'
import type { ChannelDraft } from './channel-draft.ts'
import type { HeaderRow } from './header-row.ts'

/** A signing secret as Standard Webhooks wants it: 32 bytes from the system's own source of randomness. */
export function makeSigningSecret(): string {
  return `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32))))}`
}

/** The secrets that were entered; undefined: none, so that what is stored is kept. */
export function credentialsOf(draft: ChannelDraft): ChannelCredentials | undefined {
  const { kind } = draft
  const entered = draft.webhook.headers.filter(({ name, secret, stored }) => secret && !stored && name.trim() !== '')
  const headers = Object.fromEntries(entered.map(({ name, value }) => [name.trim(), value]))
  const secret = draft.signing === 'none' || draft.signing === 'stored' ? '' : draft.signing_secret.trim()
  const credentials: ChannelCredentials = {
    ...(kind === 'webhook' && secret !== '' ? { signing_secret: secret } : {}),
    ...(kind === 'webhook' && entered.length > 0 ? { headers } : {}),
    ...(kind === 'email' && draft.password ? { password: draft.password } : {}),
    ...(kind === 'pagerduty' && draft.integration_key ? { integration_key: draft.integration_key.trim() } : {}),
  }
  return Object.keys(credentials).length > 0 ? credentials : undefined
}

/** Whether some of what is stored stays. */
export function keepsSecrets({ signing, webhook, password, integration_key }: ChannelDraft): boolean {
  return (
    signing === 'stored' ||
    webhook.headers.some(({ stored }) => stored !== undefined) ||
    password === undefined ||
    integration_key === undefined
  )
}

/**
 * Other headers. The API takes the secrets of a channel as one set: where one is new or goes, those that stay are entered
 * again, and the signing secret is another.
 */
export function withHeaders(draft: ChannelDraft, headers: HeaderRow[]): Pick<ChannelDraft, 'webhook' | 'signing'> {
  const storedIn = (rows: readonly HeaderRow[]): number => rows.filter(({ stored }) => stored !== undefined).length
  const isNew = headers.some(({ secret, stored, name }) => secret && stored === undefined && name.trim() !== '')
  const replaces = keepsSecrets(draft) && (isNew || storedIn(headers) < storedIn(draft.webhook.headers))
  return {
    webhook: {
      ...draft.webhook,
      headers: replaces ? headers.map(({ name, value, secret }) => ({ name, value, secret })) : headers,
    },
    signing: replaces && draft.signing === 'stored' ? 'made' : draft.signing,
  }
}
