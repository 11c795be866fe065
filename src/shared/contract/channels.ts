import { z } from 'zod'
import { HttpUrl } from './http-url.ts'
import { EventType, Severity } from './incidents.ts'
import { MaskedCredentials } from './integrations.ts'
import { ById, operation, page } from './operation.ts'

export const ChannelKind = z.enum(['slack', 'pagerduty', 'webhook', 'email'])
export type ChannelKind = z.infer<typeof ChannelKind>

/** PagerDuty's own severities (Events API v2). */
export const PagerDutySeverity = z.enum(['critical', 'error', 'warning', 'info'])
export type PagerDutySeverity = z.infer<typeof PagerDutySeverity>

const OneLine = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^\P{Cc}*$/u, 'Use one line.')
const Pem = z.string().max(100_000)
const HeaderName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/, 'This is not a valid header name.')
const MAX_HEADERS = 50
const HeaderValue = z
  .string()
  .max(8192)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'A header value has no line breaks.')
const headersOf = (value: typeof HeaderValue) =>
  z
    .record(HeaderName, value)
    .refine((headers) => Object.keys(headers).length <= MAX_HEADERS, `Use at most ${MAX_HEADERS} headers.`)

/** Sent by the Slack integration of the workspace. */
const SlackChannel = z.strictObject({
  channel_id: z.string().regex(/^[CDG][A-Z0-9]{2,20}$/, 'Choose a channel from the list.'),
  /** As it was called when it was chosen, without `#`. */
  channel_name: OneLine(100).default(''),
})

/** Sent by the PagerDuty integration of the workspace, with its severities. */
const PagerDutyChannel = z.strictObject({})

/**
 * `json`: our own event. `cloudevents`: CloudEvents 1.0, structured. `slack`: `{text, blocks}` for what takes Slack's incoming
 * webhooks. `template`: a Mustache text of the admin's.
 */
export const WebhookFormat = z.enum(['json', 'cloudevents', 'slack', 'template'])
export type WebhookFormat = z.infer<typeof WebhookFormat>

export const WebhookChannel = z
  .strictObject({
    url: HttpUrl,
    format: WebhookFormat.default('json'),
    /** Of format `template`. Values are escaped for its content type. */
    template: z.string().max(50_000).optional(),
    content_type: OneLine(200)
      .regex(/^[\w.+-]+\/[\w.+-]+( *;[ -~]*)?$/, 'Use a media type such as application/json.')
      .optional(),
    /** Sent with every request. Secret headers belong to `credentials.headers`. */
    headers: headersOf(HeaderValue).default({}),
    /** Events of other types are not sent, whatever a rule says. Empty: all. */
    events: z.array(EventType).max(10).default([]),
    /** PEM, of a receiver with a certificate of its own, or of a proxy that opens encrypted connections. */
    ca: Pem.optional(),
  })
  .refine(({ format, template }) => format !== 'template' || (template ?? '') !== '', {
    path: ['template'],
    message: 'Enter the template of the body.',
  })

const MailAddress = OneLine(320).regex(/^[^\s@<>]+@[^\s@<>]+$/, 'Enter an address such as ops@example.com.')
export const EmailChannel = z.strictObject({
  host: OneLine(253).min(1, 'Enter the mail server.'),
  port: z.int().min(1).max(65_535).default(587),
  /** `starttls`: refused when the server does not offer it. `none`: only for a server on this machine or in a private network; an address of the internet is refused. */
  tls: z.enum(['starttls', 'implicit', 'none']).default('starttls'),
  /** Left out: the server is used without signing in. */
  username: OneLine(320).optional(),
  from: MailAddress,
  from_name: OneLine(100).default('Gatehouse'),
  to: z.array(MailAddress).min(1, 'Enter who gets the mail.').max(50),
  /** PEM, of a mail server with a certificate of its own. */
  ca: Pem.optional(),
})

/** Secrets of a channel on their way in; given, they replace the whole set. */
export const ChannelCredentials = z.strictObject({
  /** Of a webhook: `whsec_` and base64 of 24 to 64 bytes (Standard Webhooks). */
  signing_secret: z
    .string()
    .regex(/^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/, 'A signing secret is "whsec_" and base64 of 24 to 64 bytes.')
    .optional(),
  /** Of email. */
  password: z.string().min(1).max(1024).optional(),
  /** Of PagerDuty: the key of another service than the integration's. */
  integration_key: z
    .string()
    .regex(/^[A-Za-z0-9]{32}$/, 'An integration key has 32 letters and digits.')
    .optional(),
  headers: headersOf(HeaderValue.min(1)).optional(),
})
export type ChannelCredentials = z.infer<typeof ChannelCredentials>

const kinds = {
  slack: { kind: z.literal('slack'), slack: SlackChannel },
  pagerduty: { kind: z.literal('pagerduty'), pagerduty: PagerDutyChannel.default({}) },
  webhook: { kind: z.literal('webhook'), webhook: WebhookChannel },
  email: { kind: z.literal('email'), email: EmailChannel },
}
/** Where notices go. `kind` says which of the members there is. */
export const ChannelSettings = z.discriminatedUnion('kind', [
  z.object(kinds.slack),
  z.object(kinds.pagerduty),
  z.object(kinds.webhook),
  z.object(kinds.email),
])
export type ChannelSettings = z.output<typeof ChannelSettings>

const shared = {
  name: OneLine(80).trim().min(1, 'Enter a name.'),
  enabled: z.boolean(),
  /** Less is not sent here, whatever a rule says. */
  min_severity: Severity,
  /** Nothing is sent until then. Nothing new is made up for afterwards; acknowledgements and resolutions of what was told are sent then. */
  muted_until: z.iso.datetime().nullable(),
}
const newFields = {
  name: shared.name,
  enabled: shared.enabled.default(true),
  min_severity: shared.min_severity.default('info'),
  muted_until: shared.muted_until.default(null),
  credentials: ChannelCredentials.optional(),
}

export const NewChannel = z.discriminatedUnion('kind', [
  z.strictObject({ ...newFields, ...kinds.slack }),
  z.strictObject({ ...newFields, ...kinds.pagerduty }),
  z.strictObject({ ...newFields, ...kinds.webhook }),
  z.strictObject({ ...newFields, ...kinds.email }),
])
export type NewChannel = z.output<typeof NewChannel>

/** The member of the channel's own kind replaces its settings as a whole; its kind never changes. */
export const ChannelChanges = z
  .strictObject({
    ...shared,
    slack: SlackChannel,
    pagerduty: PagerDutyChannel,
    webhook: WebhookChannel,
    email: EmailChannel,
    credentials: ChannelCredentials,
  })
  .partial()
export type ChannelChanges = z.output<typeof ChannelChanges>

/** `needs_setup`: its integration is not set up, is disabled, or needs a sign-in. `failing`: the newest deliveries did not get through. */
export const ChannelHealth = z.object({
  state: z.enum(['unknown', 'ok', 'failing', 'needs_setup', 'locked']),
  since: z.iso.datetime(),
  last_delivered_at: z.iso.datetime().nullable(),
  last_error: z.object({ code: z.string(), message: z.string() }).nullable(),
  consecutive_failures: z.int().nonnegative(),
  /** When it is tried again; until then nothing is sent. */
  retry_at: z.iso.datetime().nullable(),
  /** Deliveries that wait for it. */
  waiting: z.int().nonnegative(),
})
export type ChannelHealth = z.infer<typeof ChannelHealth>

export const Channel = z.object({
  id: z.string(),
  kind: ChannelKind,
  name: z.string(),
  enabled: z.boolean(),
  min_severity: Severity,
  muted_until: z.iso.datetime().nullable(),
  /** The one of `kind`. */
  slack: z.object(SlackChannel.shape).optional(),
  pagerduty: z.object({}).optional(),
  webhook: z.object(WebhookChannel.shape).optional(),
  email: z.object(EmailChannel.shape).optional(),
  credentials: MaskedCredentials,
  /** For a person: `#ops`, `hooks.example.com`, `ops@example.com and 2 more`. */
  destination: z.string(),
  health: ChannelHealth,
  /** The rules that send here. */
  used_by: z.array(z.object({ id: z.string(), name: z.string() })),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
})
export type Channel = z.infer<typeof Channel>

/** What would be sent. Secrets are masked. */
export const MessagePreview = z.object({
  content_type: z.string(),
  /** The text as a person would read it. */
  text: z.string(),
  /** The body as it would be sent; of mail the HTML part. */
  body: z.string(),
})
export type MessagePreview = z.infer<typeof MessagePreview>

export const ChannelTest = z.object({
  ok: z.boolean(),
  /** One sentence: `Delivered to #ops in 310 ms.` or what went wrong and what to do. */
  message: z.string(),
  error: z.object({ code: z.string(), message: z.string(), field: z.string().optional() }).nullable(),
  duration_ms: z.number().nonnegative(),
})
export type ChannelTest = z.infer<typeof ChannelTest>

/** A place of a service that notices can go to. */
export const Destination = z.object({
  id: z.string(),
  name: z.string(),
  is_private: z.boolean(),
  /** Whether the integration is in it already; else it joins, or has to be invited. */
  is_member: z.boolean(),
  /** What has to be done before notices arrive; null: nothing. */
  hint: z.string().nullable(),
})
export type Destination = z.infer<typeof Destination>

/** With `id`, secrets left out come from that channel, where they may go to the same place. */
const Draft = z.strictObject({ id: z.string().optional(), channel: NewChannel })

export const channels = {
  list: operation
    .route({ method: 'GET', path: '/channels', summary: 'Where notices can go, with the health of each' })
    .output(page(Channel)),
  create: operation
    .route({ method: 'POST', path: '/channels', successStatus: 201, summary: 'Add a channel' })
    .input(NewChannel)
    .output(Channel),
  get: operation.route({ method: 'GET', path: '/channels/{id}', summary: 'One channel' }).input(ById).output(Channel),
  update: operation
    .route({ method: 'PATCH', path: '/channels/{id}', summary: 'Change a channel; credentials left out are kept' })
    .input(ChannelChanges.extend({ id: z.string() }))
    .output(Channel),
  remove: operation
    .route({
      method: 'DELETE',
      path: '/channels/{id}',
      successStatus: 204,
      summary: 'Delete a channel; 409 `in_use` names the rules that send to it, unless it is taken out of them',
    })
    .input(ById.extend({ leave_rules: z.stringbool().default(false) }))
    .output(z.void()),
  test: operation
    .route({ method: 'POST', path: '/channels/{id}/test', summary: 'Send a test notice and wait for the outcome' })
    .input(ById)
    .output(ChannelTest),
  test_draft: operation
    .route({ method: 'POST', path: '/channels/test', summary: 'The same with settings that are not stored' })
    .input(Draft)
    .output(ChannelTest),
  preview: operation
    .route({ method: 'POST', path: '/channels/preview', summary: 'What an example notice would look like there' })
    .input(Draft)
    .output(MessagePreview),
  resume: operation
    .route({ method: 'POST', path: '/channels/{id}/resume', summary: 'Try a failing channel again now' })
    .input(ById)
    .output(Channel),
  rotate_secret: operation
    .route({
      method: 'POST',
      path: '/channels/{id}/rotate_secret',
      summary:
        'A new signing secret of a webhook, shown in this answer only; for 24 hours the former one signs as well',
    })
    .input(ById)
    .output(z.object({ channel: Channel, secret: z.string() })),
  destinations: operation
    .route({ method: 'GET', path: '/channels/destinations', summary: 'Places of Slack that notices can go to' })
    .input(
      z.strictObject({
        kind: z.literal('slack'),
        query: z.string().max(100).default(''),
        /** Asks the service again in place of what is remembered for a minute. */
        fresh: z.stringbool().default(false),
      }),
    )
    .output(page(Destination).extend({ complete: z.boolean() })),
}
