import { statusLine } from '../../rest/answer/error-text.ts'
import { retryAfterMs } from '../../rest/client/retry-after.ts'
import type { Exchange, SendOutcome } from '../../notifications/channel-adapter.ts'
import { oneLine } from '../../notifications/messages/text.ts'
import type { Posted } from '../../notifications/wire/post.ts'

type Answered = Extract<Posted, { kind: 'answered' }>

/**
 * Statuses that may be others next time; and every 5xx. Most are about the place and not about what is sent: a receiver that
 * is being deployed is not found, a token is renewed.
 */
const PASSING = new Set([401, 403, 404, 405, 407, 408, 409, 423, 425, 429])
const GONE = 410
const MAX_WORDS = 200

const advice: Readonly<Record<number, string>> = {
  401: 'Check the secret headers of the channel.',
  403: 'Check the secret headers of the channel.',
  404: 'Check its address.',
  405: 'It does not take POST. Check its address.',
  413: 'The body is larger than it takes.',
  415: 'It does not take this content type. Choose another format.',
}

/** How an attempt ended, by what came back (Standard Webhooks: 2xx is delivered, 410 ends it, nothing is redirected, all else is tried again unless the same would be refused again). */
export function webhookVerdict(posted: Posted, url: URL, request: Exchange['request'], nowMs: number): SendOutcome {
  if (posted.kind !== 'answered') {
    const { kind, code, message } = posted
    return { kind: kind === 'refused' ? 'broken' : 'retry', code, message, exchanges: [{ request, answer: null }] }
  }
  const { status } = posted
  const exchanges = [{ request, answer: { status: statusLine(status), body: posted.body } }]
  if (status >= 200 && status < 300) return { kind: 'delivered', exchanges }
  const code = `http_${status}`
  const said = `${url.host} answered ${statusLine(status)}`
  if (status < 400) {
    const message = `${said}, a redirect${target(posted, url)}. Redirects are not followed: enter the address itself.`
    return { kind: 'broken', code, message, exchanges }
  }
  if (status === GONE) {
    const message = `${said}: nobody listens there any more. Enter another address, or disable the channel.`
    return { kind: 'gone', code, message, exchanges }
  }
  const hint = advice[status]
  const message = `${said}.${wordsOf(posted)}${hint === undefined ? '' : ` ${hint}`}`
  if (PASSING.has(status) || status >= 500) {
    const pause = retryAfterMs(posted.header('retry-after'), nowMs)
    return { kind: 'retry', code, message, retryAfterMs: pause, exchanges }
  }
  return { kind: 'rejected', code, message, exchanges }
}

function target({ header }: Answered, url: URL): string {
  const location = header('location')
  return location !== undefined && URL.canParse(location, url.href) ? ` to ${new URL(location, url).host}` : ''
}

/** Its own explanation. A web page explains nothing. */
function wordsOf({ header, body }: Answered): string {
  if (/html/i.test(header('content-type') ?? '') || /^\s*</.test(body)) return ''
  const words = oneLine(body, MAX_WORDS)
  return words === '' ? '' : ` It says: ${words}${/[.!?…]$/.test(words) ? '' : '.'}`
}
