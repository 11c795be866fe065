import type { Redactor } from '../base/redact.ts'
import type { Outgoing } from './channel-adapter.ts'

/** Replaces secrets in what is kept and shown. */
export type Masking = Pick<Redactor, 'text' | 'value'>

const CENSORED = '[redacted]'
const SINGLE = ['signing_secret', 'former_signing_secret', 'password', 'integration_key']

/**
 * Also the channel's own secrets that are too short to be replaced everywhere: a receiver may send back what it got. Of those
 * a text may lose more than it has to.
 */
export function maskingOf(outgoing: Pick<Outgoing, 'secret' | 'secretHeaders'>, redactor: Redactor): Masking {
  const fields = [...SINGLE, ...outgoing.secretHeaders.map((name) => `headers.${name}`)]
  const own = fields.flatMap((field) => formsOf(valueOf(outgoing, field))).sort((a, b) => b.length - a.length)
  const mask = (text: string) => own.reduce((clean, form) => clean.replaceAll(form, CENSORED), text)
  return {
    text: (text) => mask(redactor.text(text)),
    value: (value) => masked(redactor.value(value), mask),
  }
}

/** Of a vault that was locked meanwhile nothing was sent either. */
function valueOf(outgoing: Pick<Outgoing, 'secret'>, field: string): string {
  try {
    return outgoing.secret(field) ?? ''
  } catch {
    return ''
  }
}

function formsOf(secret: string): string[] {
  if (secret.trim() === '') return []
  return [...new Set([secret, secret.trim(), JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])]
}

function masked(value: unknown, mask: (text: string) => string): unknown {
  if (typeof value === 'string') return mask(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, masked(item, mask)]))
}
