import { AppError } from '../base/app-error.ts'
import { isGiven } from './templates.ts'
import type { ApiResponse } from '../rest/client/api-client.ts'
import type { BuiltRequest } from '../rest/request/request-builder.ts'
import type { RestSecrets } from '../upstream/upstream.ts'
import type { SystemAnswer, SystemRequest } from './system-adapter.ts'

/** Where requests go, what each of them has, and which other origins there are. */
export interface SystemPlace {
  base_url: string
  headers: Readonly<Record<string, string>>
  credential_origins: readonly string[]
  origins: readonly string[]
}

const MOST_BYTES = 16 * 1024 * 1024

/** Throws where the adapter names an address that the registry does not: code of ours is at fault then, or its settings. */
export function systemRequest(place: SystemPlace, wanted: SystemRequest, secrets: RestSecrets): BuiltRequest {
  const url = addressOf(place, wanted)
  const isTrusted = [place.base_url, ...place.credential_origins].some((origin) => originOf(origin) === url.origin)
  for (const [name, value] of wanted.query ?? []) url.searchParams.append(name, value)
  if (isTrusted) for (const [name, value] of Object.entries(secrets.query)) url.searchParams.set(name, value)
  const { body, contentType } = bodyOf(wanted)
  const cookies = Object.entries(secrets.cookies).map(([name, value]) => `${name}=${value}`)
  const headers = new Map<string, [string, string]>()
  const set = (name: string, value: string) => headers.set(name.toLowerCase(), [name, value])
  set('Accept', 'application/json, */*;q=0.8')
  set('User-Agent', 'gatehouse')
  if (contentType !== undefined) set('Content-Type', contentType)
  for (const [name, value] of Object.entries(wanted.headers ?? {})) set(name, value)
  if (isTrusted) {
    for (const [name, value] of Object.entries({ ...place.headers, ...secrets.headers })) set(name, value)
    if (cookies.length > 0) set('Cookie', cookies.join('; '))
  }
  return { method: wanted.method, url, headers: [...headers.values()], ...(body && { body }), isTrusted }
}

/** Any status is an answer. */
export async function systemAnswer({ status, headers, header, body }: ApiResponse): Promise<SystemAnswer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MOST_BYTES) throw new AppError('upstream_invalid', { message: 'The answer is longer than 16 MiB.' })
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  return { status, headers: new Map(headers), body: parsed(text, header('content-type') ?? '') }
}

function addressOf({ base_url, credential_origins, origins }: SystemPlace, { path }: SystemRequest): URL {
  if (/^https?:\/\//i.test(path)) {
    const url = new URL(path)
    if ([base_url, ...credential_origins, ...origins].some((allowed) => originOf(allowed) === url.origin)) return url
    throw new AppError('invalid_input', { message: `Requests to ${url.origin} are not foreseen.` })
  }
  if (!isGiven(base_url))
    throw new AppError('invalid_input', { message: 'This integration has no address of its own.' })
  const base = new URL(base_url)
  const url = new URL(`${base.origin}${base.pathname.replace(/\/+$/, '')}/${path.replace(/^\/+/, '')}`)
  // A path that an agent had a part in must not lead to another place of the same server.
  if (url.origin === base.origin && isBelow(url.pathname, base.pathname)) return url
  throw new AppError('invalid_input', { message: 'The path leads out of its place.' })
}

function isBelow(path: string, base: string): boolean {
  return path.startsWith(`${base.replace(/\/+$/, '')}/`)
}

/** Undefined: there is none. */
function originOf(url: string): string | undefined {
  return isGiven(url) ? new URL(url).origin : undefined
}

function bodyOf({ json, form, bytes }: SystemRequest): { body?: Buffer; contentType?: string } {
  if (bytes !== undefined) return { body: Buffer.from(bytes.content), contentType: bytes.type }
  if (json !== undefined) return { body: Buffer.from(JSON.stringify(json)), contentType: 'application/json' }
  if (form === undefined) return {}
  const text = new URLSearchParams(form.map(([name, value]): [string, string] => [name, value])).toString()
  return { body: Buffer.from(text), contentType: 'application/x-www-form-urlencoded' }
}

/** JSON by its type, or by how it looks: some services call it text. */
function parsed(text: string, contentType: string): unknown {
  if (!/\bjson\b/i.test(contentType) && !/^[\s\ufeff]*[[{]/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
