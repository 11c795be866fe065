import '../../zod-jitless.ts'
import type { z } from 'zod'
import {
  type Channel,
  type ChannelChanges,
  type ChannelKind,
  NewChannel,
  type WebhookFormat,
} from '../../../shared/contract/channels.ts'
import type { EventType, Severity } from '../../../shared/contract/incidents.ts'
import { detailsOfIssues } from '../connection/field-errors.ts'
import { credentialsOf, keepsSecrets } from './channel-secrets.ts'
import type { HeaderRow } from './header-row.ts'
import { type FieldErrors, firstByPath } from './rule-draft.ts'

type EmailTls = 'starttls' | 'implicit' | 'none'
/** `made`: made when the channel is saved. `stored`: there is one, which is kept. */
export type Signing = 'made' | 'own' | 'none' | 'stored'

/** A channel as it is being edited, with the settings of its kind as text fields have them. */
export interface ChannelDraft {
  kind: ChannelKind
  name: string
  enabled: boolean
  min_severity: Severity
  muted_until: string | null
  slack: { channel_id: string; channel_name: string }
  webhook: {
    url: string
    format: WebhookFormat
    template: string
    content_type: string
    events: EventType[]
    headers: HeaderRow[]
    ca: string
  }
  signing: Signing
  signing_secret: string
  email: {
    host: string
    port: string
    tls: EmailTls
    username: string
    from: string
    from_name: string
    /** One address a line, or with commas. */
    to: string
    ca: string
  }
  /** Undefined: the stored one is kept. */
  password: string | undefined
  integration_key: string | undefined
}

const EXAMPLE_TEMPLATE = `{
  "text": "{{severity}}: {{title}}",
  "service": "{{service}}",
  "status": "{{status}}"
}
`

const names: Record<ChannelKind, string> = {
  slack: 'Slack',
  pagerduty: 'PagerDuty',
  webhook: 'Webhook',
  email: 'Email',
}

export function emptyChannel(kind: ChannelKind): ChannelDraft {
  return {
    kind,
    name: names[kind],
    enabled: true,
    min_severity: 'info',
    muted_until: null,
    slack: { channel_id: '', channel_name: '' },
    webhook: {
      url: '',
      format: 'json',
      template: EXAMPLE_TEMPLATE,
      content_type: 'application/json',
      events: [],
      headers: [],
      ca: '',
    },
    signing: kind === 'webhook' ? 'made' : 'none',
    signing_secret: '',
    email: { host: '', port: '587', tls: 'starttls', username: '', from: '', from_name: 'Gatehouse', to: '', ca: '' },
    password: '',
    integration_key: '',
  }
}

export function draftOfChannel(channel: Channel): ChannelDraft {
  const empty = emptyChannel(channel.kind)
  const { credentials, webhook, email } = channel
  const { signing_secret: signingSecret, headers: secretHeaders } = credentials
  return {
    ...empty,
    name: channel.name,
    enabled: channel.enabled,
    min_severity: channel.min_severity,
    muted_until: channel.muted_until,
    slack: channel.slack ? { ...channel.slack } : empty.slack,
    webhook: webhook
      ? {
          url: webhook.url,
          format: webhook.format,
          template: webhook.template ?? empty.webhook.template,
          content_type: webhook.content_type ?? empty.webhook.content_type,
          events: [...webhook.events],
          headers: [
            ...Object.entries(webhook.headers).map(([name, value]) => ({ name, value, secret: false })),
            ...Object.entries(typeof secretHeaders === 'object' ? secretHeaders : {}).map(([name, stored]) => ({
              name,
              value: '',
              secret: true,
              stored,
            })),
          ],
          ca: webhook.ca ?? '',
        }
      : empty.webhook,
    signing: signingSecret === undefined ? 'none' : 'stored',
    email: email
      ? {
          host: email.host,
          port: String(email.port),
          tls: email.tls,
          username: email.username ?? '',
          from: email.from,
          from_name: email.from_name,
          to: email.to.join('\n'),
          ca: email.ca ?? '',
        }
      : empty.email,
    password: credentials.password === undefined ? '' : undefined,
    integration_key: credentials.integration_key === undefined ? '' : undefined,
  }
}

/** The settings of its kind, as the API has them. */
function settingsOf(draft: ChannelDraft) {
  const { slack, webhook, email } = draft
  switch (draft.kind) {
    case 'slack':
      return { slack }
    case 'pagerduty':
      return { pagerduty: {} }
    case 'webhook':
      return {
        webhook: {
          url: webhook.url.trim(),
          format: webhook.format,
          ...(webhook.format === 'template'
            ? { template: webhook.template, content_type: webhook.content_type.trim() }
            : {}),
          headers: Object.fromEntries(
            webhook.headers
              .filter(({ name, secret }) => name.trim() !== '' && !secret)
              .map(({ name, value }) => [name.trim(), value]),
          ),
          events: webhook.events,
          ...(webhook.ca.trim() === '' ? {} : { ca: webhook.ca.trim() }),
        },
      }
    case 'email':
      return {
        email: {
          host: email.host.trim(),
          port: Number(email.port),
          tls: email.tls,
          ...(email.username.trim() === '' ? {} : { username: email.username.trim() }),
          from: email.from.trim(),
          from_name: email.from_name.trim(),
          to: addressesOf(email.to),
          ...(email.ca.trim() === '' ? {} : { ca: email.ca.trim() }),
        },
      }
  }
}

function addressesOf(text: string): string[] {
  return text
    .split(/[\s,;]+/)
    .map((address) => address.trim())
    .filter(Boolean)
}

export type NewChannelInput = z.input<typeof NewChannel>

const sharedOf = ({ name, enabled, min_severity, muted_until }: ChannelDraft) => ({
  name: name.trim(),
  enabled,
  min_severity,
  muted_until,
})

/** What a new channel is made of; also what a test and a preview are given. */
export function newChannelOf(draft: ChannelDraft): NewChannelInput {
  const credentials = credentialsOf(draft)
  return {
    kind: draft.kind,
    ...sharedOf(draft),
    ...settingsOf(draft),
    ...(credentials ? { credentials } : {}),
  } as NewChannelInput
}

/** What is changed of one that is stored: its settings as a whole, and its secrets as a whole unless they are kept. */
export function changesOf(draft: ChannelDraft, former: Channel): z.input<typeof ChannelChanges> {
  const had = Object.keys(former.credentials).length > 0
  const credentials = credentialsOf(draft) ?? (had && !keepsSecrets(draft) ? {} : undefined)
  return { ...sharedOf(draft), ...settingsOf(draft), ...(credentials ? { credentials } : {}) }
}

/** What is wrong with it, by the API's own paths; of each the first. */
export function errorsOfChannel(draft: ChannelDraft): FieldErrors {
  const errors: Record<string, string> = {}
  if (draft.kind === 'email' && !/^\d{1,5}$/.test(draft.email.port.trim())) errors['email.port'] = 'Enter a port.'
  if (draft.kind === 'webhook' && draft.signing === 'own' && draft.signing_secret.trim() === '') {
    errors['credentials.signing_secret'] = 'Enter the secret.'
  }
  for (const { name, value, secret, stored } of draft.webhook.headers) {
    if (secret && stored === undefined && name.trim() !== '' && value === '') {
      errors[`credentials.headers.${name.trim()}`] = 'Enter the value.'
    }
  }
  const parsed = NewChannel.safeParse(newChannelOf(draft))
  return parsed.success ? errors : { ...firstByPath(detailsOfIssues(parsed.error.issues)), ...errors }
}
