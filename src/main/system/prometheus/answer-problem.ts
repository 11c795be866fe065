import { AppError } from '../../base/app-error.ts'
import { isObject } from '../../base/is-object.ts'
import { messageOf } from '../../base/message-of.ts'
import type { SystemAccess, SystemAnswer } from '../system-adapter.ts'
import { PrometheusProblem } from './prometheus-problem.ts'

const MOST_SAID = 300
const ENDPOINT = 'values.endpoint'

/** Where the API begins on servers that do not have it at their root. */
const PREFIXES =
  'The endpoint is the address in front of /api/v1: Mimir has it below /prometheus, a VictoriaMetrics cluster below /select/0/prometheus, a proxy wherever it was put.'

/** Why there was no answer at all. */
export function noAnswer(error: unknown): PrometheusProblem {
  const [detail] = error instanceof AppError ? error.details : []
  const field = detail?.path ?? ENDPOINT
  const isOurs = error instanceof AppError && error.code === 'vault_locked'
  return new PrometheusProblem('unreachable', messageOf(error), {
    cause: error,
    field: isOurs ? null : field,
    fix: isOurs ? null : fixOf(field, messageOf(error)),
  })
}

function fixOf(field: string, message: string): string | null {
  if (field === 'values.ca' || /certificate|TLS|SSL/i.test(message)) {
    return 'Paste the certificate of the authority that signed the server’s one as custom CA, or correct the endpoint’s host name.'
  }
  return field === ENDPOINT ? 'Check that the server runs and that the endpoint has its address and port.' : null
}

/** Why an answer is none of Prometheus' API; undefined: it is one, though it may be an error. */
export function foreignAnswer(answer: SystemAnswer, access: SystemAccess): PrometheusProblem | undefined {
  const { status, body } = answer
  if (status === 401 || status === 403) return unauthorized(answer, access)
  if (status >= 300 && status < 400) return redirected(answer)
  if (isObject(body) && typeof body.status === 'string') return undefined
  const isPage = /html/i.test(answer.headers.get('content-type') ?? '') || /^\s*</.test(said(body, access))
  // VictoriaMetrics and vmauth answer 400 where they have nothing ("unsupported path", "missing route").
  if (status === 404 || status === 405 || status === 501 || (status === 400 && !isPage)) {
    return new PrometheusProblem('missing', `The server answered ${status}: it has nothing at this address.`, {
      field: ENDPOINT,
      fix: PREFIXES,
    })
  }
  if (status === 429 || status >= 500) {
    return new PrometheusProblem('failing', `The server answered ${status}${quoted(said(body, access))}.`, {
      fix: 'It may be starting, or overloaded. Try again in a moment.',
    })
  }
  const what = isPage ? 'a web page' : 'something that is not an answer of Prometheus’ API'
  const { host } = new URL(access.baseUrl)
  return new PrometheusProblem('wrong_path', `${host} answered ${status} with ${what}.`, {
    field: ENDPOINT,
    fix: PREFIXES,
  })
}

/** What an answer with `status: error` says. */
export function refusal(answer: SystemAnswer, body: Record<string, unknown>, access: SystemAccess): PrometheusProblem {
  const text = said(body.error, access)
  const { status } = answer
  // Mimir and Thanos say 404 in JSON where a part is switched off; a query that takes too long is 503.
  if (status === 404 || status === 501)
    return new PrometheusProblem('missing', `The server does not have this: ${text}`)
  const isFailing = status === 429 || status >= 500
  return new PrometheusProblem(isFailing ? 'failing' : 'refused', text === '' ? `It answered ${status}.` : text)
}

function unauthorized({ status, body }: SystemAnswer, access: SystemAccess): PrometheusProblem {
  const { auth } = access.values
  const says = `The server answered ${status}${quoted(said(body, access))}`
  if (auth === 'bearer') {
    return new PrometheusProblem('unauthorized', `${says}: it does not accept the token.`, {
      field: 'credentials.api_token',
      fix: 'Enter a token that is valid and may read.',
    })
  }
  if (auth === 'basic') {
    return new PrometheusProblem('unauthorized', `${says}: it does not accept the user name with this password.`, {
      field: 'credentials.password',
      fix: 'Check user name and password.',
    })
  }
  return new PrometheusProblem('unauthorized', `${says}: it wants credentials.`, {
    field: 'values.auth',
    fix: 'Choose how to sign in: a bearer token, or user name and password.',
  })
}

function redirected({ status, headers }: SystemAnswer): PrometheusProblem {
  const target = headers.get('location') ?? ''
  const to = URL.canParse(target) ? ` to ${new URL(target).host}` : ''
  return new PrometheusProblem('wrong_path', `The server answered ${status} and sends elsewhere${to}.`, {
    field: ENDPOINT,
    fix: 'Where that is a sign-in page for people, give an address and credentials that programs may use; else enter the address to which it leads.',
  })
}

/** The beginning of a text that the server wrote, on one line and without our secrets. */
function said(body: unknown, access: SystemAccess): string {
  const text = typeof body === 'string' ? body : isObject(body) ? JSON.stringify(body) : ''
  const line = access.redact(text).replace(/\s+/g, ' ').trim()
  return line.length > MOST_SAID ? `${line.slice(0, MOST_SAID)}…` : line
}

function quoted(text: string): string {
  return text === '' || text.startsWith('<') ? '' : ` (${text.replace(/\.$/, '')})`
}
