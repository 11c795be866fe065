import { AppError } from '../../base/app-error.ts'
import { webhookSignature } from './signature.ts'

/** Of the connection and the message, and those that we say something by. */
const RESERVED = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'webhook-id',
  'webhook-signature',
  'webhook-timestamp',
])

interface HeaderSources {
  id: string
  nowMs: number
  body: string
  contentType: string
  /** Everybody may see these. */
  headers: Readonly<Record<string, string>>
  secretHeaders: readonly string[]
  secret: (field: string) => string | undefined
}

/** By lowercase name. A secret header goes before one of the same name that is none, and ours before both. */
export function requestHeaders(sources: HeaderSources): Record<string, string> {
  const { id, nowMs, body, contentType, secretHeaders, secret } = sources
  const headers = new Map([['user-agent', 'Gatehouse']])
  for (const [name, value] of Object.entries(sources.headers)) headers.set(name.toLowerCase(), value)
  for (const name of secretHeaders) {
    const value = secret(`headers.${name}`)
    if (value !== undefined) headers.set(name.toLowerCase(), value)
  }
  for (const name of RESERVED) headers.delete(name)
  const timestampS = Math.floor(nowMs / 1000)
  const secrets = ['signing_secret', 'former_signing_secret'].flatMap((field) => secret(field) ?? [])
  return {
    ...Object.fromEntries(headers),
    'content-type': contentType,
    'webhook-id': id,
    'webhook-timestamp': String(timestampS),
    ...(secrets.length > 0 && { 'webhook-signature': webhookSignature({ id, timestampS, body }, secrets) }),
  }
}

/** For people: without the values of secret ones. */
export function shownHeaders(
  headers: Readonly<Record<string, string>>,
  secretHeaders: readonly string[],
): Record<string, string> {
  const secret = new Set(secretHeaders.map((name) => name.toLowerCase()))
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secret.has(name.toLowerCase()) ? '••••' : value]),
  )
}

/** Throws AppError `invalid_input` for the first that is ours to set. */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  const name = Object.keys(headers).find((key) => RESERVED.has(key.toLowerCase()))
  if (name === undefined) return
  const message = `${name} is set by Gatehouse. Leave it out.`
  throw new AppError('invalid_input', { message, details: [{ path: `webhook.headers.${name}`, message }] })
}
