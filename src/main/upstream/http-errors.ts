import { AppError } from '../base/app-error.ts'
import { MissingScope } from './missing-scope.ts'
import { stripControls } from './text-tail.ts'

/** The status that an HTTP server answered with, as the cause of the error that people see. */
export class HttpStatusError extends Error {
  override readonly name = 'HttpStatusError'
  readonly status: number
  /** `WWW-Authenticate`, where it came. */
  readonly challenge: string | undefined

  constructor(status: number, challenge?: string) {
    super(`HTTP ${status}`)
    this.status = status
    this.challenge = challenge
  }

  /** The server refused what it was sent, not who sent it, and is not in trouble itself. */
  get isAboutTheRequest(): boolean {
    return this.status >= 400 && this.status < 500 && ![401, 403, 407, 408, 425, 429].includes(this.status)
  }
}

/** The server no longer knows our session (404), as the cause of the error that people see. */
export class SessionLost extends Error {
  override readonly name = 'SessionLost'
}

/** An answer of another status than 2xx. */
export interface RefusingAnswer {
  status: number
  contentType: string
  /** Its beginning, without secrets. */
  body: string
  /** `WWW-Authenticate`, where it came. */
  challenge: string | undefined
}

/**
 * By what a server could know us. `sign_in`: its tokens come from a sign-in, and another one than the first was tried
 * already. `headers`: at least one of the integration's own.
 */
export type Shown = 'nothing' | 'headers' | 'sign_in'

export function shownBy({ headers, token }: { headers: Record<string, string>; token?: unknown }): Shown {
  if (token !== undefined) return 'sign_in'
  return Object.keys(headers).length === 0 ? 'nothing' : 'headers'
}

/** The answer of a server that does not speak MCP, or not to us, in words for a person. */
export function statusError({ status, contentType, body, challenge }: RefusingAnswer, shown: Shown): AppError {
  const cause = new HttpStatusError(status, challenge)
  const said = serverWords(contentType, body)
  const words = said === '' ? '' : ` ${said}`
  if (shown === 'sign_in' && (status === 401 || status === 403)) {
    const message =
      status === 401
        ? `The server answered 401: a new token was not accepted either.${words} Sign in again in Gatehouse.`
        : `The server answered 403: the token does not allow this.${words}`
    return new AppError('authorization_required', { message, cause })
  }
  if (status === 401) {
    const why = shown === 'nothing' ? 'it wants credentials, and none were sent' : 'the token was not accepted'
    const message = `The server answered 401: ${why}.${words}`
    return new AppError('authorization_required', {
      message,
      cause,
      details: [{ path: 'credentials.api_token', message }],
    })
  }
  if (status === 403) {
    const why =
      shown === 'nothing' ? 'it refuses this, and no credentials were sent' : 'this token may not be used here'
    const message = `The server answered 403: ${why}.${words}`
    return new AppError('authorization_required', {
      message,
      cause,
      details: [{ path: 'credentials.api_token', message }],
    })
  }
  if (status >= 300 && status < 400) {
    return urlError(
      'upstream_invalid',
      `The server answered ${status}, a redirect. Enter the address it leads to.`,
      cause,
    )
  }
  const page = isWebPage(contentType, body) ? ' with a web page, not MCP.' : `.${words}`
  const code = status >= 500 || status === 429 ? 'upstream_unavailable' : 'upstream_invalid'
  return urlError(code, `The server answered ${status}${page}`, cause)
}

export function urlError(
  code: 'upstream_invalid' | 'upstream_unavailable' | 'upstream_timeout',
  message: string,
  cause?: unknown,
): AppError {
  return new AppError(code, { message, cause, details: [{ path: 'mcp.server_url', message }] })
}

export function isWebPage(contentType: string, body: string): boolean {
  return contentType.includes('text/html') || /^\s*<(?:!doctype html|html)\b/i.test(body)
}

/** An answer with a good status and without an answer in it. */
export function noAnswer(contentType: string, body: string): AppError {
  if (isWebPage(contentType, body)) return urlError('upstream_invalid', 'The server answered with a web page, not MCP.')
  if (contentType.startsWith('text/event-stream')) {
    return new AppError('upstream_unavailable', { message: 'The server ended its answer before it was complete.' })
  }
  const said = serverWords(contentType, body).slice(0, 200)
  const message =
    said === '' ? 'The server answered nothing.' : `The server answered with something that is not MCP: ${said}`
  return urlError('upstream_invalid', message)
}

/** Nothing came but an answer with the id of another request. */
export function foreignAnswer(): AppError {
  return new AppError('upstream_invalid', { message: 'The server answered with the id of another request.' })
}

/** A stream that the server does not take up again. */
export function brokeOff(): AppError {
  return new AppError('upstream_unavailable', {
    message: 'The server ended its answer before it was complete, and did not continue it.',
  })
}

/** Whatever the server was doing for us. Calls are not repeated, since it may have done what they say. */
export function sessionLost(): AppError {
  const message =
    'The server has restarted and no longer knows the session. Whether this call was carried out is not known; it was not repeated. A new session is being opened.'
  return new AppError('upstream_unavailable', { message, cause: new SessionLost() })
}

/** The one call with which it told us so. */
export function refusedWithoutSession(): AppError {
  const message =
    'The server has restarted and no longer knows the session. This call was not carried out. A new session is being opened: try again.'
  return new AppError('upstream_unavailable', { message, cause: new SessionLost() })
}

/** An authorization server gave what no header can have. */
export function tokenUnsendable(): AppError {
  return new AppError('upstream_invalid', {
    message: 'The server that gives the tokens gave one with characters that a token cannot have.',
  })
}

/** What to tell a person when no token came for so long. */
export function tokenLate(afterMs: number): AppError {
  const seconds = Math.round(afterMs / 100) / 10
  return new AppError('upstream_timeout', {
    message: `The server that gives the tokens did not answer in ${seconds} s. Try again later.`,
  })
}

/** There is no token until a person does something. */
export function needsPerson(error: Error): boolean {
  return error instanceof AppError && (error.code === 'authorization_required' || error.code === 'vault_locked')
}

/** The server did not get the request, and would not get others either: it is not there, or there is no token for it. */
export function neverArrived(error: Error): boolean {
  if (needsPerson(error)) return !(error.cause instanceof MissingScope)
  const code = (error as NodeJS.ErrnoException).code ?? ''
  return ['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT'].includes(code)
}

/** The server, or somebody on the way, has closed the connection. Whether it took the request nobody knows. */
export function isClosedByServer(error: Error): boolean {
  return ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes((error as NodeJS.ErrnoException).code ?? '')
}

/** What cannot be reached, named; the system's own code where we have no better words. */
export function networkError(url: URL, error: Error, connectTimeoutMs: number): AppError {
  if (error instanceof AppError) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const place = `${url.hostname}:${portOf(url)}`
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_NODATA':
      return urlError('upstream_unavailable', `The host ${url.hostname} was not found.`, error)
    case 'ECONNREFUSED':
      return urlError('upstream_unavailable', `Nothing listens at ${place}: the connection was refused.`, error)
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return nothingAnswered(url, connectTimeoutMs)
    default: {
      if (isClosedByServer(error)) return urlError('upstream_unavailable', `${place} closed the connection.`, error)
      const detail = code === '' ? error.message : `${error.message} (${code})`
      return urlError('upstream_unavailable', `${place} could not be reached: ${detail.slice(0, 300)}`, error)
    }
  }
}

export function nothingAnswered(url: URL, afterMs: number): AppError {
  const seconds = Math.round(afterMs / 100) / 10
  return urlError('upstream_timeout', `Nothing answered at ${url.hostname}:${portOf(url)} in ${seconds} s.`)
}

export function portOf(url: URL): string {
  return url.port !== '' ? url.port : url.protocol === 'https:' ? '443' : '80'
}

/** The server's own explanation, as plain text of a bearable length. A web page explains nothing. */
function serverWords(contentType: string, body: string): string {
  if (isWebPage(contentType, body)) return ''
  return (
    stripControls(messageIn(body) ?? body)
      // No `<` inside: from each of 60,000 the search would run to the end of the text.
      .replace(/<[^<>]*>/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, 300)
  )
}

function messageIn(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body)
    for (const path of [['error', 'message'], ['error_description'], ['message'], ['error'], ['detail']]) {
      let found = value
      for (const key of path)
        found = typeof found === 'object' && found !== null ? (found as Record<string, unknown>)[key] : undefined
      if (typeof found === 'string') return found
    }
    return ''
  } catch {
    return undefined
  }
}
