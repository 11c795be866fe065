import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { EmailChannel } from '../../../src/main/notifications/email/email-channel.ts'
import { EmailChannel as EmailSchema, type ChannelSettings } from '../../../src/shared/contract/channels.ts'
import { exampleIncident } from '../../helpers/notices.ts'
import { outgoing } from '../../helpers/outgoing.ts'
import { startMailServer, type MailServer, type MailServerOptions } from '../../servers/mail/mail-server.ts'

const pem = (name: string) => readFileSync(new URL(`../rest/tls/${name}.pem`, import.meta.url), 'utf8')
const ca = pem('authority')
const signal = new AbortController().signal
const channel = new EmailChannel({ attemptMs: 20_000 })
const hasty = new EmailChannel({ attemptMs: 400 })

async function serve(options: MailServerOptions = {}): Promise<MailServer> {
  const server = await startMailServer(options)
  onTestFinished(() => server.close())
  return server
}

/** What only accepts connections, and does with them what `handle` says. */
async function listen(handle: (socket: Socket) => void): Promise<{ host: string; port: number }> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined))
    handle(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
}

const email = (
  { host, port }: { host: string; port: number },
  settings: Record<string, unknown> = {},
): ChannelSettings => ({
  kind: 'email',
  email: EmailSchema.parse({
    host,
    port,
    tls: 'none',
    from: 'gatehouse@example.com',
    to: ['ops@example.com'],
    ...settings,
  }),
})

const only = ({ mails }: MailServer) => {
  expect(mails).toHaveLength(1)
  const [mail] = mails
  if (mail === undefined) throw new Error('no mail came')
  return mail
}
/** Header lines, folded ones joined. */
const headerOf = (source: string) => source.slice(0, source.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ')

describe('a mail', () => {
  it('says who sends what to whom', async () => {
    const server = await serve()
    const settings = email(server, { to: ['ops@example.com', 'boss@example.com'] })
    const outcome = await channel.send(outgoing({ settings }), signal)
    expect(outcome).toMatchObject({
      kind: 'delivered',
      exchanges: [{ request: { method: 'SMTP', url: `smtp://127.0.0.1:${server.port}` }, answer: { status: '250' } }],
    })
    const { from, to, source } = only(server)
    expect([from, to]).toEqual(['gatehouse@example.com', ['ops@example.com', 'boss@example.com']])
    const header = headerOf(source)
    expect(header).toContain('From: Gatehouse <gatehouse@example.com>')
    expect(header).toContain('Subject: [Critical] Database is down (#12)')
    expect(header).toContain('Message-ID: <0mdelivery0001@example.com>')
    expect(header).toContain('Auto-Submitted: auto-generated')
    expect(header).toMatch(/^Date: /m)
    expect(source).toContain('Content-Type: text/plain')
    expect(source).toContain('Content-Type: text/html')
    expect(source).toContain('Open in Gatehouse')
  })

  it('refers to the first one about its incident', async () => {
    const server = await serve()
    const first = await channel.send(outgoing({ settings: email(server) }), signal)
    if (first.kind !== 'delivered') throw new Error(first.message)
    expect(first.references?.get('0mincident0001')).toEqual({ message_id: '<0mdelivery0001@example.com>' })
    const notice = { id: '0mdelivery0002', action: 'resolve' } as const
    const references = first.references ?? new Map()
    const second = await channel.send(outgoing({ settings: email(server), notice, references }), signal)
    expect(second.references?.size).toBe(0)
    const header = headerOf(server.mails[1]?.source ?? '')
    expect(header).toContain('In-Reply-To: <0mdelivery0001@example.com>')
    expect(header).toContain('References: <0mdelivery0001@example.com>')
    expect(header).toContain('Subject: Resolved: Database is down (#12)')
  })

  it('is data, whatever an alert says', async () => {
    const server = await serve()
    const title = 'x\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script>'
    const incident = exampleIncident({ title, description: '<img src="http://evil.example/x.png">\n.\nQUIT' })
    const settings = email(server, { from_name: 'Ops <team>, "x"' })
    expect((await channel.send(outgoing({ settings, notice: { incidents: [incident] } }), signal)).kind).toBe(
      'delivered',
    )
    const { to, source } = only(server)
    expect(to).toEqual(['ops@example.com'])
    expect(headerOf(source)).not.toMatch(/^Bcc:/im)
    const html = channel.preview(outgoing({ settings, notice: { incidents: [incident] } })).body
    expect(html).not.toMatch(/<script|<img/i)
    expect(html).toContain('&lt;script&gt;')
  })

  it('with other letters arrives as it was', async () => {
    const server = await serve()
    const incidents = [exampleIncident({ title: 'Störung: 数据库 😀' })]
    await channel.send(outgoing({ settings: email(server), notice: { incidents } }), signal)
    expect(headerOf(only(server).source)).toMatch(/^Subject: =\?UTF-8\?/m)
  })
})

describe('TLS', () => {
  const login = { user: 'gatehouse', password: 'correct horse' }
  const credentials = { username: login.user }

  it('by STARTTLS, with a sign-in', async () => {
    const server = await serve({ login })
    const settings = email(server, { tls: 'starttls', ca, ...credentials })
    const outcome = await channel.send(outgoing({ settings, secrets: { password: login.password } }), signal)
    expect(outcome.kind).toBe('delivered')
    expect(only(server)).toMatchObject({ isTls: true, user: 'gatehouse' })
    expect(JSON.stringify(outcome)).not.toContain(login.password)
  })

  it('from the start', async () => {
    const server = await serve({ secure: true })
    const outcome = await channel.send(outgoing({ settings: email(server, { tls: 'implicit', ca }) }), signal)
    expect(outcome.kind).toBe('delivered')
    expect(only(server).isTls).toBe(true)
  })

  it('is not done without where it is wanted', async () => {
    const server = await serve({ disabledCommands: ['STARTTLS'] })
    expect(await channel.send(outgoing({ settings: email(server, { tls: 'starttls' }) }), signal)).toMatchObject({
      kind: 'broken',
      code: 'no_starttls',
    })
    expect(server.mails).toHaveLength(0)
  })

  it.each([['starttls' as const], ['implicit' as const]])(
    'with a certificate that nobody signed is refused: %s',
    async (mode) => {
      const server = await serve({ secure: mode === 'implicit' })
      expect(await channel.send(outgoing({ settings: email(server, { tls: mode }) }), signal)).toMatchObject({
        kind: 'retry',
        code: 'certificate_untrusted',
        message: expect.stringContaining('not signed by an authority that is trusted') as string,
      })
      expect(server.mails).toHaveLength(0)
    },
  )

  it('with an authority that is none is refused before', () => {
    const settings = email({ host: 'mail.example', port: 587 }, { ca: 'no certificate' })
    expect(() => channel.check(settings)).toThrow('no certificate')
    expect(() => channel.check(email({ host: '169.254.169.254', port: 25 }))).toThrow('no address of a mail server')
    expect(() => channel.check(email({ host: 'mail.example', port: 587 }, { ca }))).not.toThrow()
  })
})

describe('a mail server', () => {
  const login = { user: 'gatehouse', password: 'correct horse' }
  const send = (server: { host: string; port: number }, settings = {}, secrets = {}, adapter = channel) =>
    adapter.send(outgoing({ settings: email(server, settings), secrets }), signal)

  it('that does not accept the sign-in', async () => {
    const server = await serve({ login })
    const settings = { tls: 'starttls', ca, username: 'gatehouse' }
    expect(await send(server, settings, { password: 'wrong wrong' })).toMatchObject({
      kind: 'broken',
      code: 'auth_failed',
    })
  })

  it('that can not check the sign-in now', async () => {
    const refuse = { auth: [454, 'Temporary authentication failure'] } satisfies MailServerOptions['refuse']
    const server = await serve({ login, refuse })
    const settings = { tls: 'starttls', ca, username: 'gatehouse' }
    expect(await send(server, settings, { password: 'x' })).toMatchObject({ kind: 'retry', code: 'smtp_454' })
  })

  it('that wants a sign-in', async () => {
    const server = await serve({ login })
    expect(await send(server, { tls: 'starttls', ca })).toMatchObject({ kind: 'broken', code: 'auth_failed' })
  })

  it.each([
    ['from', 451, 'retry'],
    ['from', 550, 'rejected'],
    ['data', 452, 'retry'],
    ['data', 554, 'rejected'],
  ] as const)('that answers %s with %d: %s', async (step, status, kind) => {
    const server = await serve({ refuse: { [step]: [status, 'because'] } })
    const outcome = await send(server)
    expect(outcome).toMatchObject({
      kind,
      code: `smtp_${status}`,
      message: expect.stringContaining('because') as string,
    })
    expect(server.mails).toHaveLength(0)
  })

  it('that takes it for some only has taken it', async () => {
    const server = await serve({ refuseTo: { 'gone@example.com': [550, 'No such user'] } })
    const outcome = await send(server, { to: ['ops@example.com', 'gone@example.com'] })
    expect(outcome.kind).toBe('delivered')
    expect(outcome.exchanges[0]?.answer?.body).toContain('Not taken for: gone@example.com')
  })

  it('that takes it for some at once gets it again for the others alone', async () => {
    const refuseTo: Record<string, [number, string]> = { 'slow@example.com': [450, 'Greylisted, come again'] }
    const server = await serve({ refuseTo })
    const to = ['ops@example.com', 'slow@example.com']
    const first = await channel.send(outgoing({ settings: email(server, { to }) }), signal)
    expect(first).toMatchObject({
      kind: 'retry',
      code: 'smtp_450',
      message: expect.stringContaining('slow@example.com now: 450 Greylisted') as string,
    })
    refuseTo['slow@example.com'] = [451, 'Not yet']
    const references = first.references ?? new Map()
    const second = await channel.send(outgoing({ settings: email(server, { to }), references }), signal)
    expect(second.kind).toBe('retry')
    delete refuseTo['slow@example.com']
    const third = await channel.send(outgoing({ settings: email(server, { to }), references }), signal)
    expect(third.kind).toBe('delivered')
    expect(server.mails.map((mail) => mail.to)).toEqual([['ops@example.com'], ['slow@example.com']])
    const headers = server.mails.map(({ source }) => headerOf(source))
    for (const header of headers) {
      expect(header).toContain('To: ops@example.com, slow@example.com')
      expect(header).toContain('Message-ID: <0mdelivery0001@example.com>')
      expect(header).not.toContain('In-Reply-To')
    }

    const notice = { id: '0mdelivery0002', action: 'resolve' } as const
    await channel.send(outgoing({ settings: email(server, { to }), notice, references }), signal)
    expect(server.mails.at(-1)?.to).toEqual(to)
    expect(headerOf(server.mails.at(-1)?.source ?? '')).toContain('In-Reply-To: <0mdelivery0001@example.com>')
  })

  it('that takes it for nobody', async () => {
    const server = await serve({ refuseTo: { 'ops@example.com': [450, 'Mailbox busy'] } })
    expect(await send(server)).toMatchObject({ kind: 'retry', code: 'smtp_450' })
  })

  it('that says nothing is waited for no longer than the limit', async () => {
    const silent = await listen(() => undefined)
    expect(await send(silent, {}, {}, hasty)).toMatchObject({ kind: 'retry', code: 'timeout' })
  })

  it('that closes the connection', async () => {
    const closing = await listen((socket) => socket.end('220 hello\r\n'))
    expect(await send(closing)).toMatchObject({ kind: 'retry', code: 'connection_closed' })
  })

  it('that is none', async () => {
    const other = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    expect((await send(other)).kind).toBe('retry')
  })

  it('may be written as an IPv6 address in brackets', async () => {
    const { port } = await serve()
    expect(await send({ host: '[::ffff:127.0.0.1]', port })).toMatchObject({ kind: 'delivered' })
  })

  it('that is not there', async () => {
    const server = await startMailServer()
    await server.close()
    expect(await send(server)).toMatchObject({ kind: 'retry', code: 'connection_refused' })
  })

  it('whose name leads to metadata of a cloud is not connected to', async () => {
    const adapter = new EmailChannel({
      lookup: (_host, _options, callback) => callback(null, [{ address: '169.254.169.254', family: 4 }]),
    })
    expect(await send({ host: 'mail.example', port: 25 }, {}, {}, adapter)).toMatchObject({
      kind: 'broken',
      code: 'address_refused',
    })
  })

  it.each([['203.0.114.7'], ['2606:4700::1111'], ['::ffff:203.0.114.7'], ['192.0.2.1']])(
    'on the internet gets nothing in clear text: %s',
    async (address) => {
      const adapter = new EmailChannel({
        lookup: (_host, _options, callback) => callback(null, [{ address, family: address.includes(':') ? 6 : 4 }]),
      })
      const settings = { username: 'gatehouse' }
      for (const host of ['mail.example', address]) {
        const outcome = await send({ host, port: 25 }, settings, { password: 'correct horse' }, adapter)
        expect(outcome).toMatchObject({ kind: 'broken', code: 'address_refused' })
        expect(outcome.exchanges[0]?.answer).toBeNull()
      }
    },
  )

  it('whose name leads to the internet and into this network gets it here', async () => {
    const server = await serve()
    const adapter = new EmailChannel({
      lookup: (_host, _options, callback) =>
        callback(null, [
          { address: '203.0.114.7', family: 4 },
          { address: server.host, family: 4 },
        ]),
    })
    expect((await send({ host: 'mail.example', port: server.port }, {}, {}, adapter)).kind).toBe('delivered')
  })

  it('on the internet is named with what to choose, before anything is stored', () => {
    const refused = (host: string) => {
      try {
        channel.check(email({ host, port: 25 }))
        return undefined
      } catch (error) {
        return error
      }
    }
    expect(refused('203.0.114.7')).toMatchObject({
      code: 'invalid_input',
      details: [{ path: 'email.tls', message: expect.stringContaining('STARTTLS') as string }],
    })
    expect(refused('[2606:4700::1111]')).toMatchObject({ details: [{ path: 'email.tls' }] })
    for (const near of ['127.0.0.1', '::1', '10.1.2.3', '192.168.0.9', 'fd12::1', 'mail.example']) {
      expect(refused(near), near).toBeUndefined()
    }
    expect(() => channel.check(email({ host: '203.0.114.7', port: 587 }, { tls: 'starttls' }))).not.toThrow()
  })

  it('is not waited for when the gateway ends', async () => {
    const silent = await listen(() => undefined)
    const end = new AbortController()
    const sending = channel.send(outgoing({ settings: email(silent) }), end.signal)
    setTimeout(() => end.abort(new Error('the end')), 50)
    await expect(sending).rejects.toThrow('the end')
  })
})
