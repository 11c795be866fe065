import type { ChannelChanges, ChannelKind, ChannelSettings, NewChannel } from '../../shared/contract/channels.ts'
import type { ErrorDetail } from '../../shared/contract/errors.ts'
import { AppError } from '../base/app-error.ts'
import { KEY_PLACE } from './channel-secrets.ts'

const KINDS = ['slack', 'pagerduty', 'webhook', 'email'] as const
const LEAST_KEY_BYTES = 24
const MOST_KEY_BYTES = 64

/** Secrets that each kind knows; the headers of a webhook beside them. */
const SECRETS: Readonly<Record<ChannelKind, readonly string[]>> = {
  slack: [],
  pagerduty: ['integration_key', KEY_PLACE],
  webhook: ['signing_secret', 'former_signing_secret'],
  email: ['password'],
}

export function settingsOf(channel: NewChannel): ChannelSettings {
  switch (channel.kind) {
    case 'slack':
      return { kind: 'slack', slack: channel.slack }
    case 'pagerduty':
      return { kind: 'pagerduty', pagerduty: channel.pagerduty }
    case 'webhook':
      return { kind: 'webhook', webhook: channel.webhook }
    case 'email':
      return { kind: 'email', email: channel.email }
  }
}

/** With the member of its own kind replaced. Throws `invalid_input` for one of another kind. */
export function changedSettings(settings: ChannelSettings, changes: ChannelChanges): ChannelSettings {
  const foreign = KINDS.find((kind) => kind !== settings.kind && changes[kind] !== undefined)
  if (foreign !== undefined) {
    const message = `This channel is of kind ${settings.kind}, which never changes. Add another channel for ${foreign}.`
    throw new AppError('invalid_input', { message, details: [{ path: foreign, message }] })
  }
  const own = changes[settings.kind]
  return own === undefined ? settings : ({ kind: settings.kind, [settings.kind]: own } as ChannelSettings)
}

/** What does not fit together. `fields`: places of the secrets that will be stored. */
export function channelProblems(settings: ChannelSettings, fields: ReadonlyMap<string, unknown>): ErrorDetail[] {
  const problems: ErrorDetail[] = []
  for (const [field, value] of fields) {
    const isHeader = settings.kind === 'webhook' && field.startsWith('headers.')
    if (!isHeader && !SECRETS[settings.kind].includes(field)) {
      const message = `A channel of kind ${settings.kind} takes no ${field.split('.')[0] ?? field}. Leave it out.`
      problems.push({ path: `credentials.${field}`, message })
    }
    if (field === 'signing_secret' && typeof value === 'string' && !isSigningSecret(value)) {
      const message = 'A signing secret is "whsec_" and base64 of 24 to 64 bytes.'
      problems.push({ path: 'credentials.signing_secret', message })
    }
  }
  if (settings.kind === 'webhook') {
    const open = new Set(Object.keys(settings.webhook.headers).map((name) => name.toLowerCase()))
    for (const field of fields.keys()) {
      const name = field.startsWith('headers.') ? field.slice('headers.'.length) : undefined
      if (name === undefined || !open.has(name.toLowerCase())) continue
      problems.push({ path: `credentials.${field}`, message: `${name} is also in webhook.headers. Keep one of them.` })
    }
  }
  if (settings.kind === 'email' && fields.has('password') && settings.email.username === undefined) {
    problems.push({ path: 'email.username', message: 'Enter the user name that the password belongs to.' })
  }
  return problems
}

function isSigningSecret(value: string): boolean {
  const { length } = Buffer.from(value.replace(/^whsec_/, ''), 'base64')
  return length >= LEAST_KEY_BYTES && length <= MOST_KEY_BYTES
}

/** Where secrets of a channel go. They are given for one place and never sent to another. */
function placeOfSecrets(settings: ChannelSettings): string {
  if (settings.kind === 'webhook') return new URL(settings.webhook.url).origin
  if (settings.kind !== 'email') return settings.kind
  const { host, port, tls } = settings.email
  return `${host.toLowerCase()}:${port}${tls === 'none' ? ' without TLS' : ''}`
}

/** Throws `invalid_input` when stored secrets would go somewhere else than they were given for. */
export function refuseOtherPlace(before: ChannelSettings, after: ChannelSettings): void {
  const [from, to] = [placeOfSecrets(before), placeOfSecrets(after)]
  if (from === to) return
  const message = `The stored credentials were given for ${from}. Enter those for ${to}, or an empty set.`
  throw new AppError('invalid_input', { message, details: [{ path: 'credentials', message }] })
}
