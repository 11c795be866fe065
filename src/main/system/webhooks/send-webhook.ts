import type { LookupFunction } from 'node:net'
import { AppError } from '../../base/app-error.ts'
import type { SendOutcome } from '../../notifications/channel-adapter.ts'
import type { IsOwnAddress } from '../../notifications/wire/addresses.ts'
import { trusted } from '../../notifications/wire/authorities.ts'
import { post } from '../../notifications/wire/post.ts'
import { formatBody, type FormattedBody, type WebhookSettings } from './format-body.ts'
import type { WebhookMessage } from './message.ts'
import { requestHeaders, shownHeaders } from './request-headers.ts'
import { webhookVerdict } from './verdict.ts'

export interface WebhookWire {
  isOwn: IsOwnAddress
  now: () => number
  timeoutMs: number
  lookup?: LookupFunction | undefined
}

export interface WebhookSecrets {
  secret: (field: string) => string | undefined
  secretHeaders: readonly string[]
}

/** One attempt. Rejects with the reason of `signal`, and where the vault is locked. */
export async function sendWebhook(
  settings: WebhookSettings,
  message: WebhookMessage,
  { secret, secretHeaders }: WebhookSecrets,
  wire: WebhookWire,
  signal: AbortSignal,
): Promise<SendOutcome> {
  let formatted: FormattedBody
  try {
    formatted = await formatBody(settings, message)
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid_input') throw error
    return { kind: 'rejected', code: 'template_error', message: `The template: ${error.message}`, exchanges: [] }
  }
  const { body, contentType } = formatted
  const url = new URL(settings.url)
  const nowMs = wire.now()
  const { headers: own } = settings
  const headers = requestHeaders({ id: message.id, nowMs, body, contentType, headers: own, secretHeaders, secret })
  const posted = await post({ url, headers, body }, { ...wire, ca: await trusted(settings.ca) }, signal)
  const request = { method: 'POST', url: url.href, headers: shownHeaders(headers, secretHeaders), body }
  return webhookVerdict(posted, url, request, wire.now())
}
