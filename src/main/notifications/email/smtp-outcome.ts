import type { Exchange, SendOutcome } from '../channel-adapter.ts'
import { oneLine } from '../messages/text.ts'
import type { Deferral } from './mail-recipients.ts'
import { ExchangeError } from '../../base/safe-exchange.ts'
import { connectionProblem } from '../wire/connection-problem.ts'

const MAX_WORDS = 300
/** Statuses by which a server wants a sign-in, or does not accept the one it got (RFC 4954, 6). */
const SIGN_IN = new Set([530, 534, 535, 538])

/** What nodemailer adds to an error. */
interface SmtpError extends Error {
  code?: string
  response?: string
  responseCode?: number
  command?: string
}

type Failure = Exclude<SendOutcome, { kind: 'delivered' }>

/** Why a mail was not taken, and whether it may be next time (RFC 5321, 4.2.1: 4yz is for now, 5yz for good). */
export function smtpFailure(
  thrown: unknown,
  { host, port }: { host: string; port: number },
  request: Exchange['request'],
): Failure {
  const error = thrown as SmtpError
  const { code, response, responseCode: status = 0 } = error
  const said = oneLine(response ?? '', MAX_WORDS)
  const answer = response === undefined ? null : { status: status === 0 ? '' : String(status), body: response }
  const outcome = (kind: Failure['kind'], name: string, message: string): Failure => ({
    kind,
    code: name,
    message,
    exchanges: [{ request, answer }],
  })
  if (thrown instanceof ExchangeError && thrown.failure === 'refused') {
    return outcome('broken', 'address_refused', `Nothing is sent to ${host}: ${thrown.message}`)
  }
  if (code === 'ETLS' && error.command === 'STARTTLS' && status >= 400) {
    const message = `${host} does not offer STARTTLS: ${sentence(said)} Choose TLS from the start, or another port.`
    return outcome('broken', 'no_starttls', message)
  }
  if (code === 'EAUTH' && (status === 0 || status >= 500)) {
    return outcome('broken', 'auth_failed', `${host} did not accept user name and password. ${sentence(said)}`.trim())
  }
  if (SIGN_IN.has(status)) {
    return outcome('broken', 'auth_failed', `${host} wants another sign-in: ${sentence(said)}`)
  }
  if (status >= 500) return outcome('rejected', `smtp_${status}`, `${host} refused the mail: ${sentence(said)}`)
  if (status >= 400) return outcome('retry', `smtp_${status}`, `${host} does not take it now: ${sentence(said)}`)
  if (code === 'EENVELOPE' || code === 'EMESSAGE') {
    return outcome(
      'rejected',
      'smtp_refused',
      `The mail can not be sent: ${sentence(oneLine(error.message, MAX_WORDS))}`,
    )
  }
  const problem = connectionProblem(host, port, thrown)
  return outcome('retry', problem.code, problem.message)
}

/** It is taken for others, who do not get it again. */
export function deferredOutcome({ recipients, response }: Deferral, { host }: { host: string }) {
  const said = oneLine(response, MAX_WORDS)
  const message = `${host} does not take it for ${recipients.join(', ')} now: ${sentence(said)}`
  return { kind: 'retry', code: `smtp_${response.slice(0, 3)}`, message } as const
}

function sentence(text: string): string {
  return text === '' || /[.!?…]$/.test(text) ? text : `${text}.`
}
