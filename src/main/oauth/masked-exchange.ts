import type { DoctorExchange } from '../../shared/contract/oauth.ts'
import type { Redactor } from '../base/redact.ts'
import { redactMembers } from '../base/redact-members.ts'
import type { OAuthExchange } from './oauth-fetch.ts'

const MASK = '[masked]'
const MAX_BODY = 2_000
/** Enough to mask whatever is shown of it. */
const MAX_READ = 64 * 1024

const SECRETS = new Set([
  'access_token',
  'assertion',
  'client_assertion',
  'client_secret',
  'code',
  'code_verifier',
  'device_code',
  'id_token',
  'id_token_hint',
  'nonce',
  'password',
  'refresh_token',
  'registration_access_token',
  'request',
  'state',
  'subject_token',
  'token',
])
const REQUEST_HEADERS = ['authorization', 'content-type']
const RESPONSE_HEADERS = ['content-type', 'www-authenticate', 'location', 'set-cookie', 'date']
/** Of no longer header: a text that begins again and again would be read to its end as often. */
const JWT = /\beyJ[\w-]{8,2000}\.[\w-]+(?:\.[\w-]*){1,3}/g
const FORM = /^[\w.%+-]+=[^&\s<>{}]*(?:&[\w.%+-]+=[^&\s<>{}]*)*$/

/** One exchange for a person to read and to send on: no secret by its name, and none by its value that is known. */
export function maskedExchange(exchange: OAuthExchange, redactor: Pick<Redactor, 'text'>): DoctorExchange {
  const { method, url, status, error, durationMs } = exchange
  const clean = (text: string) => redactor.text(text).replace(JWT, MASK)
  const headers = Object.entries(exchange.requestHeaders).map(([name, value]) => [name.toLowerCase(), value] as const)
  const request = headers
    .filter(([name]) => REQUEST_HEADERS.includes(name))
    .map(([name, value]) => clean(`${name}: ${maskedHeader(name, value)}`))
  return {
    method,
    url: clean(maskedUrl(url.href)),
    request: [...request, ...bodyLines(exchange.requestBody, redactor).map(clean)],
    status: status ?? null,
    response: status === undefined ? clean(error?.message ?? '') : responseText(exchange, { redactor, clean }),
    duration_ms: Math.round(durationMs * 10) / 10,
  }
}

interface Masking {
  redactor: Pick<Redactor, 'text'>
  /** No secret by its value, and no JWT. */
  clean: (text: string) => string
}

function responseText({ responseHeaders, responseBody }: OAuthExchange, masking: Masking): string {
  const lines = RESPONSE_HEADERS.flatMap((name) => {
    const value = responseHeaders.get(name)
    return value === null ? [] : [masking.clean(`${name}: ${maskedHeader(name, value)}`)]
  })
  const body = bodyText(responseBody, responseHeaders.get('content-type') ?? '', masking)
  const blank = lines.length === 0 || body === '' ? [] : ['']
  return [...lines, ...blank, ...(body === '' ? [] : [body])].join('\n')
}

/** What was masked is cut, never the other way round. */
function bodyText(body: string, type: string, { redactor, clean }: Masking): string {
  if (body === '') return ''
  if (/^\s*</.test(body) || type.includes('html')) return `(a web page of ${body.length} characters)`
  const masked = clean(bodyLines(body, redactor).join('\n'))
  return masked.length > MAX_BODY ? `${masked.slice(0, MAX_BODY)}… (${body.length} characters)` : masked
}

/** A form with one parameter in a line, or JSON. */
function bodyLines(body: string, redactor: Pick<Redactor, 'text'>): string[] {
  if (body === '') return []
  const text = redactor.text(body).slice(0, MAX_READ)
  if (FORM.test(text)) {
    return [...new URLSearchParams(text)].map(([name, value]) => `${name}=${maskedValue(name, value)}`)
  }
  return [redactMembers(text, isSecret, MASK)]
}

function maskedHeader(name: string, value: string): string {
  if (name === 'authorization') return `${/^[\w-]+(?= )/.exec(value)?.[0] ?? ''} ${MASK}`.trim()
  if (name === 'set-cookie') return MASK
  return name === 'location' ? maskedUrl(value) : value
}

/** Also of an address that stands in a parameter of it. */
function maskedUrl(address: string): string {
  if (!URL.canParse(address, 'https://relative.invalid')) return MASK
  const url = new URL(address, 'https://relative.invalid')
  for (const name of ['search', 'hash'] as const) {
    const part = url[name].slice(1)
    if (part === '' || !part.includes('=')) continue
    const pairs = [...new URLSearchParams(part)].map(
      ([key, value]) => `${encoded(key)}=${encoded(maskedValue(key, value))}`,
    )
    url[name] = pairs.join('&')
  }
  // The brackets of the mask stay readable.
  const text = url.href.replaceAll('%5Bmasked%5D', MASK)
  return url.hostname === 'relative.invalid' ? text.slice('https://relative.invalid'.length) : text
}

function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll('%3A', ':').replaceAll('%2F', '/')
}

function maskedValue(name: string, value: string): string {
  if (isSecret(name)) return MASK
  const isAddress = value.includes('?') && URL.canParse(value, 'https://relative.invalid')
  return isAddress ? maskedUrl(value) : value
}

function isSecret(name: string): boolean {
  return SECRETS.has(name.toLowerCase())
}
