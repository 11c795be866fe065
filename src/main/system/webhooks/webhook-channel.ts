import type { LookupFunction } from 'node:net'
import type { ChannelSettings, MessagePreview } from '../../../shared/contract/channels.ts'
import { AppError } from '../../base/app-error.ts'
import type { ChannelAdapter, Outgoing, SendOutcome } from '../../notifications/channel-adapter.ts'
import type { IsOwnAddress } from '../../notifications/wire/addresses.ts'
import { checkAuthorities } from '../../notifications/wire/authorities.ts'
import { literalRefusal } from '../../notifications/wire/post.ts'
import { formatBody, type WebhookSettings } from './format-body.ts'
import { noticeMessage } from './message.ts'
import { checkTemplate } from './render-template.ts'
import { checkHeaders } from './request-headers.ts'
import { sendWebhook, type WebhookWire } from './send-webhook.ts'

const ATTEMPT_MS = 15_000
/** Longer than an attempt, so that it is the attempt that says what was too slow. */
const TIMEOUT_MS = ATTEMPT_MS + 5_000

export interface WebhookChannelOptions {
  isOwn: IsOwnAddress
  now?: () => number
  attemptMs?: number
  lookup?: LookupFunction
}

/** Notices as signed requests to an address of the admin's. */
export class WebhookChannel implements ChannelAdapter {
  readonly kind = 'webhook'
  readonly paceMs = 0
  readonly timeoutMs = TIMEOUT_MS
  readonly #wire: WebhookWire

  constructor({ isOwn, now = Date.now, attemptMs = ATTEMPT_MS, lookup }: WebhookChannelOptions) {
    this.#wire = { isOwn, now, timeoutMs: attemptMs, lookup }
  }

  destination(settings: ChannelSettings): string {
    return new URL(webhookOf(settings).url).host
  }

  unready(): undefined {
    return undefined
  }

  check(settings: ChannelSettings): void {
    const { url, format, template = '', headers, ca } = webhookOf(settings)
    const refused = literalRefusal(new URL(url), this.#wire.isOwn)
    if (refused !== undefined) {
      throw new AppError('invalid_input', { message: refused, details: [{ path: 'webhook.url', message: refused }] })
    }
    checkHeaders(headers)
    if (ca !== undefined) checkAuthorities(ca, 'webhook.ca')
    if (format === 'template') checkTemplate(template)
  }

  send(outgoing: Outgoing, signal: AbortSignal): Promise<SendOutcome> {
    const { notice, settings, createdAt, secretHeaders } = outgoing
    const secrets = { secret: (field: string) => outgoing.secret(field), secretHeaders }
    return sendWebhook(webhookOf(settings), noticeMessage(notice, createdAt), secrets, this.#wire, signal)
  }

  async preview({ notice, settings, createdAt }: Omit<Outgoing, 'secret' | 'attempt'>): Promise<MessagePreview> {
    const message = noticeMessage(notice, createdAt)
    const { contentType, body } = await formatBody(webhookOf(settings), message)
    return { content_type: contentType, text: message.text, body: readable(body) }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

function webhookOf(settings: ChannelSettings): WebhookSettings {
  if (settings.kind !== 'webhook') throw new Error(`A webhook was given the settings of ${settings.kind}.`)
  return settings.webhook
}

/** JSON in lines, for people. */
function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2)
  } catch {
    return body
  }
}
