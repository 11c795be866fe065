import type { DeliveryAttempt } from '../../shared/contract/deliveries.ts'
import type { Exchange } from './channel-adapter.ts'
import type { Masking } from './masking.ts'

const MOST_BODY = 16 * 1024
const MOST_HEADER = 500
const CENSORED = '[redacted]'

interface AttemptFacts {
  at: string
  durationMs: number
  error: DeliveryAttempt['error']
}

/** What went over the wire as it may be kept: no secret, no text without an end. */
export function maskedAttempts(
  exchanges: readonly Exchange[],
  { at, durationMs, error }: AttemptFacts,
  secretHeaders: readonly string[],
  redactor: Masking,
): DeliveryAttempt[] {
  const kept = exchanges.length === 0 && error !== null ? [NONE] : exchanges
  return kept.map(({ request, answer }, index) => ({
    at,
    // The adapters do not measure each; together they took so long.
    duration_ms: index === kept.length - 1 ? durationMs : 0,
    request: {
      method: request.method,
      url: redactor.text(request.url),
      headers: maskedHeaders(request.headers, secretHeaders, redactor),
      body: cut(redactor.text(request.body)),
    },
    answer: answer === null ? null : { status: answer.status, body: cut(redactor.text(answer.body)) },
    error: index === kept.length - 1 ? error : null,
  }))
}

const NONE: Exchange = { request: { method: '', url: '', headers: {}, body: '' }, answer: null }

function maskedHeaders(
  headers: Record<string, string>,
  secretHeaders: readonly string[],
  redactor: Masking,
): Record<string, string> {
  const secret = new Set(secretHeaders.map((name) => name.toLowerCase()))
  const named = redactor.value(headers) as Record<string, string>
  return Object.fromEntries(
    Object.entries(named).map(([name, value]) => [
      name,
      secret.has(name.toLowerCase()) ? CENSORED : value.slice(0, MOST_HEADER),
    ]),
  )
}

function cut(text: string): string {
  return text.length <= MOST_BODY ? text : `${text.slice(0, MOST_BODY)}… (${text.length} characters)`
}
