/** A mail server that keeps what it takes, and refuses what a test wants. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

export interface TakenMail {
  from: string
  to: string[]
  isTls: boolean
  user: string | undefined
  /** As it came, with its header. */
  source: string
}

export interface MailServer {
  host: string
  port: number
  mails: TakenMail[]
  close(): Promise<void>
}

export interface MailServerOptions extends Omit<SMTPServerOptions, 'onAuth' | 'onData' | 'onMailFrom' | 'onRcptTo'> {
  login?: { user: string; password: string }
  /** Status and words for whoever is refused at a step. */
  refuse?: Partial<Record<'auth' | 'from' | 'data', [status: number, words: string]>>
  /** Recipients that are refused. */
  refuseTo?: Record<string, [status: number, words: string]>
}

const pem = (name: string) => readFileSync(new URL(`../../integration/rest/tls/${name}.pem`, import.meta.url), 'utf8')

export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const { login, refuse = {}, refuseTo = {}, ...rest } = options
  const mails: TakenMail[] = []
  const server = new SMTPServer({
    authOptional: login === undefined,
    disableReverseLookup: true,
    cert: pem('server'),
    key: pem('server-key'),
    ...rest,
    onAuth: (auth, _session, done) => {
      const isKnown = auth.username === login?.user && auth.password === login?.password
      if (refuse.auth !== undefined) done(refusal(refuse.auth))
      else if (isKnown) done(null, { user: auth.username })
      else done(refusal([535, 'Authentication credentials invalid']))
    },
    onMailFrom: (_address, _session, done) => done(refuse.from && refusal(refuse.from)),
    onRcptTo: ({ address }, _session, done) => done(refuseTo[address] && refusal(refuseTo[address])),
    onData: (stream, { envelope, secure, user }, done) => {
      void text(stream).then((source) => {
        if (refuse.data !== undefined) {
          done(refusal(refuse.data))
          return
        }
        mails.push({
          from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
          to: envelope.rcptTo.map(({ address }) => address),
          isTls: secure,
          user: user as string | undefined,
          source,
        })
        done()
      })
    },
  })
  // Clients that do not trust it end the handshake.
  server.on('error', () => undefined)
  server.listen(0, '127.0.0.1')
  await once(server.server, 'listening')
  const { port } = server.server.address() as AddressInfo
  return {
    host: '127.0.0.1',
    port,
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

function refusal([responseCode, words]: [number, string]): Error {
  return Object.assign(new Error(words), { responseCode })
}
