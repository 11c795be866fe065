import type { AppError } from '../base/app-error.ts'
import { isWebPage, networkError, nothingAnswered, urlError } from './http-errors.ts'
import { stripControls } from './text-tail.ts'

/** How far an opening over HTTP+SSE has come. */
export type SseProgress = 'connecting' | 'streaming' | 'ready'

/** The GET was answered, but not with a stream of events. */
export function noEventStream(contentType: string): AppError {
  if (isWebPage(contentType, '')) return urlError('upstream_invalid', 'The server answered with a web page, not MCP.')
  const kind = stripControls(contentType).slice(0, 100)
  const what = kind === '' ? 'something without a content type' : kind
  return urlError('upstream_invalid', `The server answered GET with ${what}, not with an event stream.`)
}

/** The address of the `endpoint` event cannot be used. */
export function badEndpoint(url: URL, address: string): AppError {
  const target = address !== '' && URL.canParse(address, url.href) ? new URL(address, url.href) : undefined
  if (!target) return urlError('upstream_invalid', 'The server named no valid address to send messages to.')
  const place = target.origin === 'null' ? target.protocol : target.origin
  const message =
    `The server wants messages sent to ${place.slice(0, 200)}, not to ${url.origin}. ` +
    'Credentials would go there, so this is refused. Check the public address that is set at the server.'
  return urlError('upstream_invalid', message)
}

/** The stream is over, and with it the session. */
export function streamEnded(state: SseProgress): AppError {
  const message =
    state === 'ready'
      ? 'The server closed its event stream. What it had not answered is not repeated. Try again.'
      : 'The server closed its event stream before it named the address to send messages to.'
  return urlError('upstream_unavailable', message)
}

/** The stream broke off. */
export function streamBroke(state: SseProgress, url: URL, error: Error, connectTimeoutMs: number): AppError {
  const failure = networkError(url, error, connectTimeoutMs)
  if (state !== 'ready') return failure
  const message = `${failure.message} What the server had not answered is not repeated. Try again.`
  return urlError('upstream_unavailable', message, error)
}

/** What to tell a person when the opening got no answer for so long. */
export function sseSilence(state: SseProgress, url: URL, afterMs: number): AppError {
  const seconds = Math.round(afterMs / 100) / 10
  switch (state) {
    case 'connecting':
      return nothingAnswered(url, afterMs)
    case 'streaming': {
      const message =
        `The server opened an event stream, but named no address to send messages to in ${seconds} s. ` +
        'This may not be an HTTP+SSE server.'
      return urlError('upstream_timeout', message)
    }
    case 'ready':
      return urlError('upstream_timeout', `The server did not answer on its event stream in ${seconds} s.`)
  }
}
