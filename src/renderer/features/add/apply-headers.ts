import { looksSecret } from '../../../shared/secret-names.ts'
import type { PastedServer } from './paste.ts'
import { isPlaceholder } from './placeholder.ts'

const KEY_HEADER =
  /^(x-)?(api|access|auth|subscription|functions)?-?(key|token)$|^(apikey|x-[a-z0-9-]*-?(api-)?(key|token))$/i

/** Puts HTTP headers into a server: the one that authenticates becomes Authentication, other secret ones secret rows. */
export function applyHeaders(server: PastedServer, headers: readonly (readonly [string, string])[]): PastedServer {
  const result = { ...server, headers: [...server.headers], notes: [...server.notes] }
  for (const [name, text] of headers) {
    const value = text.trim()
    if (/^authorization$/i.test(name) && result.token === '') {
      applyAuthorization(result, value)
    } else if (KEY_HEADER.test(name) && result.auth_type === 'none') {
      result.auth_type = 'api_key'
      result.auth_header_prefix = ''
      result.header_name = /^x-api-key$/i.test(name) ? '' : name
      result.token = isPlaceholder(value) ? '' : value
      if (!result.token) result.notes.push(`Enter the key for ${name}.`)
    } else {
      const placeholder = isPlaceholder(value)
      result.headers.push({ name, value: placeholder ? '' : value, secret: looksSecret(name, value) })
      if (placeholder) result.notes.push(`Give a value to ${name}.`)
    }
  }
  return result
}

function applyAuthorization(server: PastedServer, value: string): void {
  const space = value.search(/\s/)
  const prefix = space < 0 ? '' : value.slice(0, space)
  const token = value.slice(space + 1).trim()
  server.auth_type = 'bearer'
  server.auth_header_prefix = prefix
  server.token = isPlaceholder(token) || isPlaceholder(value) ? '' : token
  if (!server.token) server.notes.push('Enter the token.')
}
