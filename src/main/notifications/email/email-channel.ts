import type { LookupFunction, Socket } from 'node:net'
import type { ChannelSettings, MessagePreview } from '../../../shared/contract/channels.ts'
import { AppError } from '../../base/app-error.ts'
import type { ChannelAdapter, Exchange, Outgoing, SendOutcome } from '../channel-adapter.ts'
import { plainText } from '../messages/plain-text.ts'
import { checkAuthorities, trusted } from '../wire/authorities.ts'
import { tooSlow } from '../wire/connection-problem.ts'
import { mailHtml } from './mail-html.ts'
import { mailMessage, type EmailSettings, type MailMessage } from './mail-message.ts'
import { connected, hostRefusal } from './smtp-connection.ts'
import { deferralOf, mailReferences, recipientsOf } from './mail-recipients.ts'
import { deferredOutcome, smtpFailure } from './smtp-outcome.ts'

const ATTEMPT_MS = 30_000
/** Longer than an attempt, so that it is the attempt that says what was too slow. */
const TIMEOUT_MS = ATTEMPT_MS + 5_000
const MAX_RECIPIENTS = 50

export interface EmailChannelOptions {
  now?: () => number
  attemptMs?: number
  lookup?: LookupFunction
}

/** Notices as mails over SMTP, over a connection for each. */
export class EmailChannel implements ChannelAdapter {
  readonly kind = 'email'
  readonly paceMs = 0
  readonly timeoutMs = TIMEOUT_MS
  readonly #now: () => number
  readonly #attemptMs: number
  readonly #lookup: LookupFunction | undefined

  constructor({ now = Date.now, attemptMs = ATTEMPT_MS, lookup }: EmailChannelOptions = {}) {
    this.#now = now
    this.#attemptMs = attemptMs
    this.#lookup = lookup
  }

  destination(settings: ChannelSettings): string {
    const [first = '', ...more] = emailOf(settings).to
    return more.length === 0 ? first : `${first} and ${more.length} more`
  }

  unready(): undefined {
    return undefined
  }

  check(settings: ChannelSettings): void {
    const email = emailOf(settings)
    const { host, ca } = email
    const refused = hostRefusal(email)
    if (refused !== undefined) {
      throw fieldError(`email.${refused.field}`, `Nothing is sent to ${host}: ${refused.message}`)
    }
    if (ca !== undefined) checkAuthorities(ca, 'email.ca')
  }

  async send(outgoing: Outgoing, signal: AbortSignal): Promise<SendOutcome> {
    const { notice, settings, references } = outgoing
    const email = emailOf(settings)
    const mail = mailMessage(email, notice, references, new Date(this.#now()))
    const request = shownRequest(email, mail)
    const password = email.username === undefined ? undefined : outgoing.secret('password')
    const deadline = AbortSignal.timeout(this.#attemptMs)
    const either = AbortSignal.any([deadline, signal])
    let socket: Socket | undefined
    try {
      socket = await connected({ ...email, signal: either, lookup: this.#lookup })
      const transport = await this.#transport(email, password, socket)
      const envelope = { from: email.from, to: recipientsOf(email.to, notice, references) }
      const { response, rejected, rejectedErrors } = await transport.sendMail({ ...mail, envelope, signal: either })
      const refused = rejected.length === 0 ? '' : ` Not taken for: ${rejected.join(', ')}.`
      const exchanges = [{ request, answer: { status: response.slice(0, 3), body: response + refused } }]
      const deferral = deferralOf(rejectedErrors)
      const waiting = deferral?.recipients
      const told = { exchanges, references: mailReferences(notice, references, { ...mail, waiting }) }
      // Without an incident there is no place to remember who has it: it would be sent to all of them again.
      if (deferral === undefined || notice.incidents.length === 0) return { kind: 'delivered', ...told }
      return { ...deferredOutcome(deferral, email), ...told }
    } catch (error) {
      signal.throwIfAborted()
      if (!deadline.aborted) return smtpFailure(error, email, request)
      const { code, message } = tooSlow(email.host, email.port, this.#attemptMs)
      return { kind: 'retry', code, message, exchanges: [{ request, answer: null }] }
    } finally {
      socket?.destroy()
    }
  }

  preview({ notice }: Omit<Outgoing, 'secret' | 'attempt'>): MessagePreview {
    return { content_type: 'text/html', text: plainText(notice), body: mailHtml(notice) }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  async #transport({ host, port, tls, username, ca }: EmailSettings, password: string | undefined, socket: Socket) {
    // Loaded with the first mail.
    const { createTransport } = await import('nodemailer')
    const authorities = await trusted(ca)
    return createTransport({
      host,
      port,
      secure: tls === 'implicit',
      requireTLS: tls === 'starttls',
      ignoreTLS: tls === 'none',
      ...(username !== undefined && { auth: { user: username, pass: password ?? '' } }),
      tls: { ...(authorities && { ca: authorities }), minVersion: 'TLSv1.2' },
      connectionTimeout: this.#attemptMs,
      greetingTimeout: this.#attemptMs,
      socketTimeout: this.#attemptMs,
      maxRecipients: MAX_RECIPIENTS,
      disableFileAccess: true,
      disableUrlAccess: true,
      getSocket: (_options, callback) => callback(null, { connection: socket }),
    })
  }
}

function emailOf(settings: ChannelSettings): EmailSettings {
  if (settings.kind !== 'email') throw new Error(`Mail was given the settings of ${settings.kind}.`)
  return settings.email
}

function shownRequest({ host, port, tls, from }: EmailSettings, mail: MailMessage): Exchange['request'] {
  return {
    method: 'SMTP',
    url: `${tls === 'implicit' ? 'smtps' : 'smtp'}://${host}:${port}`,
    headers: {
      from,
      to: mail.to.join(', '),
      subject: mail.subject,
      'message-id': mail.messageId,
      ...(mail.references.length > 0 && { references: mail.references.join(' ') }),
    },
    body: mail.text,
  }
}

function fieldError(path: string, message: string): AppError {
  return new AppError('invalid_input', { message, details: [{ path, message }] })
}
