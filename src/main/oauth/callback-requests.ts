import type { IncomingMessage, ServerResponse } from 'node:http'
import { sendCallbackPage, type CallbackPageOptions } from './callback-page.ts'
import type { OAuthCallbacks } from './callbacks.ts'

/** Longer than any answer of an authorization server that we could use. */
const MAX_URL_LENGTH = 16 * 1024

export interface CallbackRequestsOptions extends CallbackPageOptions {
  callbacks: Pick<OAuthCallbacks, 'take'>
}

/**
 * Answers the browser at the loopback redirect URI (RFC 8252, 7.3). A sign-in is used up only by a page that the
 * browser goes to: not by what looks ahead (HEAD), nor by a picture in a page of somebody else.
 */
export class CallbackRequests {
  readonly #options: CallbackRequestsOptions

  constructor(options: CallbackRequestsOptions) {
    this.#options = options
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { callbacks } = this.#options
    if (request.method !== 'GET') {
      response.writeHead(405, { allow: 'GET', 'content-length': 0, 'cache-control': 'no-store' }).end()
      return
    }
    const url = addressOf(request)
    const outcome =
      url !== undefined && isNavigation(request)
        ? await callbacks.take(url)
        : { ok: false, message: 'This address is for the browser that comes back from a sign-in.' }
    sendCallbackPage(response, outcome, this.#options)
  }
}

/** By the port that was connected to: the Host header is the browser's word alone. */
function addressOf({ url = '', socket }: IncomingMessage): URL | undefined {
  if (url.length > MAX_URL_LENGTH) return undefined
  const base = `http://127.0.0.1:${socket.localPort}`
  return url.startsWith('/') && URL.canParse(base + url) ? new URL(base + url) : undefined
}

/** Browsers say what they fetch for; what is no browser says nothing. */
function isNavigation({ headers }: IncomingMessage): boolean {
  const isPage = headers['sec-fetch-dest'] === undefined || headers['sec-fetch-dest'] === 'document'
  return isPage && !String(headers['sec-purpose'] ?? '').includes('prefetch')
}
