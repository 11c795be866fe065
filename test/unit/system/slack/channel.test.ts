import { describe, expect, it } from 'vitest'
import type { Notice, Reference, SendOutcome } from '../../../../src/main/notifications/channel-adapter.ts'
import { SlackChannel } from '../../../../src/main/system/slack/slack-channel.ts'
import { AppError } from '../../../../src/main/base/app-error.ts'
import { exampleEvent, exampleIncident, exampleNotice } from '../../../helpers/notices.ts'
import { slackAccess } from '../../../helpers/slack-access.ts'
import type { FakeSlack } from '../../../servers/slack/server.ts'
import type { FakeChannel } from '../../../servers/slack/workspace.ts'
import { fakeSlack } from './slack-fixture.ts'

const ID = exampleIncident().id

function sender(slack: FakeSlack, channel: FakeChannel, options: Parameters<typeof slackAccess>[1] = {}) {
  const adapter = new SlackChannel(() => slackAccess(slack, options))
  const settings = { kind: 'slack' as const, slack: { channel_id: channel.id, channel_name: channel.name } }
  return (notice: Notice, references: ReadonlyMap<string, Reference> = new Map()): Promise<SendOutcome> =>
    adapter.send(
      {
        notice,
        settings,
        references,
        secret: () => undefined,
        secretHeaders: [],
        attempt: 1,
        createdAt: notice.event.received_at,
      },
      AbortSignal.timeout(20_000),
    )
}

function referencesOf(outcome: SendOutcome): ReadonlyMap<string, Reference> {
  return outcome.references ?? new Map()
}

const resolvedNotice = exampleNotice({
  id: '0mdelivery0002',
  action: 'resolve',
  incidents: [
    exampleIncident({ status: 'resolved', resolved_at: '2026-11-28T18:12:00.000Z', resolved_by: 'prometheus' }),
  ],
  event: exampleEvent({ status: 'resolved', description: 'It answers again.' }),
})

it('a word on many incidents of one message counts those that it does not name', async () => {
  const slack = await fakeSlack()
  const ops = slack.workspace.channel('ops')
  const many = Array.from({ length: 20 }, (_, index) => exampleIncident({ id: `i${index}`, number: index + 1 }))
  const opened = exampleNotice({ incidents: many, more: 37 })
  const references = referencesOf(await sender(slack, ops)(opened))
  const over = many.map((incident) => ({ ...incident, status: 'resolved' as const, resolved_by: 'prometheus' }))
  const notice = { ...opened, id: '0mdelivery0002', action: 'resolve' as const, incidents: over }
  expect((await sender(slack, ops)(notice, references)).kind).toBe('delivered')
  expect(ops.messages).toHaveLength(2)
  expect(ops.messages[1]?.text).toContain('57 incidents')
  expect(JSON.stringify(ops.messages[1])).toContain('and 37 more')
})

describe('an opening', () => {
  it('is a message with its facts, its severity as a colour, and links', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    const outcome = await sender(slack, ops)(exampleNotice())
    const [message] = ops.messages
    expect(outcome.kind).toBe('delivered')
    expect(referencesOf(outcome).get(ID)).toEqual({
      channel: ops.id,
      ts: message?.ts,
      shared: false,
      told: '0mdelivery0001',
    })
    expect(message).toMatchObject({
      text: '[Critical] Database is down (#12)',
      blocks: [{ type: 'header', text: { type: 'plain_text', text: '[Critical] Database is down (#12)' } }],
      attachments: [{ color: '#c5221f' }],
      unfurl_links: false,
    })
    const text = JSON.stringify(message?.attachments)
    for (const shown of ['*Service*\\nbilling', '*Source*\\nprometheus', 'team: core', 'No answer from the primary']) {
      expect(text).toContain(shown)
    }
    expect(text).toContain('<http://127.0.0.1:7420/incidents/12|Open in Gatehouse>')
    expect(text).toContain('<https://grafana.example.com/d/1|Dashboard>')
  })

  it('calls nobody, whatever its texts say', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    const evil = '<!channel> <@U0ADA00001> <!subteam^S1> <https://evil.example|https://bank.example> &'
    const incident = exampleIncident({
      title: evil,
      description: evil,
      source: evil,
      service: evil,
      labels: { [evil]: evil },
      links: [{ url: 'https://example.com/?q=<!here>', title: evil }],
    })
    const event = exampleEvent({ title: evil, description: `${evil}!`, told_by: evil })
    const notice = exampleNotice({ title: evil, incidents: [incident], event, rules: [evil] })
    for (const action of ['open', 'notice', 'repeat', 'resolve', 'test'] as const) {
      expect((await sender(slack, ops)({ ...notice, action })).kind).toBe('delivered')
    }
    const commands = JSON.stringify(ops.messages).match(/<[^>]*>/g) ?? []
    expect(commands.length).toBeGreaterThan(0)
    for (const command of commands) expect(command).toMatch(/^<https?:\/\/(127\.0\.0\.1|example\.com)[^<>]*>$/)
  })

  it('of many incidents with long texts stays within what Slack takes', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    const long = '<&>'.repeat(5000)
    const labels = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`label-${index}`, long.slice(0, 4096)]))
    const huge = exampleIncident({ title: long.slice(0, 300), description: long, labels, rca: long, service: long })
    const many = Array.from({ length: 20 }, (_, index) => ({ ...huge, id: `i${index}`, number: index + 1 }))
    for (const notice of [
      exampleNotice({ incidents: [huge], event: exampleEvent({ description: long }) }),
      exampleNotice({ incidents: many, more: 80 }),
      exampleNotice({ action: 'rca', incidents: [huge], event: exampleEvent({ rca: long }) }),
      exampleNotice({ incidents: [], action: 'notice', event: exampleEvent({ description: long, title: long }) }),
    ]) {
      const outcome = await sender(slack, ops)(notice)
      expect(outcome).toMatchObject({ kind: 'delivered' })
    }
    expect(JSON.stringify(ops.messages[0])).toContain('The text is longer. Gatehouse has all of it.')
    expect(JSON.stringify(ops.messages[1])).toContain('and 80 more')
  })

  it('goes into a public channel that the app is not in yet, once', async () => {
    const slack = await fakeSlack()
    const general = slack.workspace.channel('general')
    expect((await sender(slack, general)(exampleNotice())).kind).toBe('delivered')
    expect(general.members).toContain('U0BOT00001')
    expect(general.messages).toHaveLength(1)
  })
})

describe('what becomes of an incident', () => {
  it('changes its message, and is told in its thread', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    const send = sender(slack, ops)
    const opened = await send(exampleNotice())
    const resolved = await send(resolvedNotice, referencesOf(opened))
    const [first, reply, ...rest] = ops.messages
    expect(rest).toEqual([])
    expect(resolved.kind).toBe('delivered')
    expect(first).toMatchObject({ text: 'Resolved: Database is down (#12)', attachments: [{ color: '#188038' }] })
    expect(reply).toMatchObject({ thread_ts: first?.ts, text: 'Resolved: Database is down (#12)' })
    expect(reply?.subtype).toBeUndefined()
    const said = JSON.stringify(reply?.blocks)
    expect(said).toContain('Resolved by prometheus after 12 min.')
    expect(said).toContain('It answers again.')
  })

  it('is shown in the channel where it got worse, and where nobody is at it', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    const send = sender(slack, ops)
    const references = referencesOf(await send(exampleNotice()))
    const better = exampleIncident({ severity: 'low', highest_severity: 'critical' })
    await send(exampleNotice({ id: 'n1', action: 'severity' }), references)
    await send(exampleNotice({ id: 'n2', action: 'severity', severity: 'low', incidents: [better] }), references)
    await send(exampleNotice({ id: 'n3', action: 'repeat' }), references)
    await send(exampleNotice({ id: 'n4', action: 'acknowledge' }), references)
    expect(ops.messages.slice(1).map(({ subtype }) => subtype)).toEqual([
      'thread_broadcast',
      undefined,
      'thread_broadcast',
      undefined,
    ])
    expect(ops.messages.every(({ ts, thread_ts }) => ts === ops.messages[0]?.ts || thread_ts !== undefined)).toBe(true)
  })

  it('is told in the thread of a message for several, which stays', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    const send = sender(slack, ops)
    const both = [exampleIncident(), exampleIncident({ id: 'other', number: 13, title: 'Queue is full' })]
    const opened = await send(exampleNotice({ incidents: both }))
    expect(ops.messages[0]?.text).toBe('[Critical] 2 incidents: Database is down')
    await send(resolvedNotice, referencesOf(opened))
    expect(ops.messages[0]?.text).toBe('[Critical] 2 incidents: Database is down')
    expect(ops.messages[1]).toMatchObject({ thread_ts: ops.messages[0]?.ts, text: 'Resolved: Database is down (#12)' })
  })

  it('is a message of its own where the first one was deleted, or is in another channel', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    const send = sender(slack, ops)
    const references = referencesOf(await send(exampleNotice()))
    ops.messages.length = 0
    const outcome = await send(resolvedNotice, references)
    expect(ops.messages).toMatchObject([{ text: 'Resolved: Database is down (#12)' }])
    expect(ops.messages[0]?.thread_ts).toBeUndefined()
    expect(referencesOf(outcome).get(ID)).toMatchObject({ ts: ops.messages[0]?.ts })

    const general = slack.workspace.channel('general')
    await sender(slack, general)(resolvedNotice, references)
    expect(general.messages).toHaveLength(1)
  })

  it('is a message of its own where Slack takes no answer to the first one', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    const send = sender(slack, ops)
    const references = referencesOf(await send(exampleNotice()))
    slack.instead('chat.postMessage', { status: 200, body: '{"ok":false,"error":"cannot_reply_to_message"}' })
    expect(await send(resolvedNotice, references)).toMatchObject({ kind: 'delivered' })
    expect(ops.messages[1]).toMatchObject({ text: 'Resolved: Database is down (#12)' })
    expect(ops.messages[1]?.thread_ts).toBeUndefined()
  })

  it('is not told twice by a second attempt', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    const send = sender(slack, ops)
    const other = exampleIncident({ id: 'other', number: 13 })
    const first = referencesOf(await send(exampleNotice()))
    const second = referencesOf(await send(exampleNotice({ id: 'n0', incidents: [other] })))
    const references = new Map([...first, ...second])
    const over = {
      ...resolvedNotice,
      incidents: [...resolvedNotice.incidents, { ...other, status: 'resolved' as const }],
    }

    slack.instead(
      'chat.update',
      ...[
        { status: 200, body: '{"ok":true}' },
        { status: 503, body: '' },
      ],
    )
    const failed = await send(over, references)
    expect(failed).toMatchObject({ kind: 'retry', code: 'http_503' })
    const after = new Map([...references, ...referencesOf(failed)])
    expect((await send(over, after)).kind).toBe('delivered')
    const threads = ops.messages.map(({ thread_ts }) => thread_ts).filter((ts) => ts !== undefined)
    expect(threads).toEqual([ops.messages[0]?.ts, ops.messages[1]?.ts])
    expect((await send(over, new Map([...after, ...referencesOf(await send(over, after))]))).kind).toBe('delivered')
  })
})

describe('a notice that can not be sent', () => {
  it.each([
    ['is_archived', { isArchived: true, members: ['U0BOT00001'] }, 'broken'],
    ['channel_not_found', { isPrivate: true }, 'broken'],
    ['restricted_action', { members: ['U0BOT00001'], refuses: 'restricted_action' }, 'broken'],
    ['msg_too_long', { members: ['U0BOT00001'], refuses: 'msg_too_long' }, 'rejected'],
    ['internal_error', { members: ['U0BOT00001'], refuses: 'internal_error' }, 'retry'],
    ['some_new_error', { members: ['U0BOT00001'], refuses: 'some_new_error' }, 'rejected'],
  ])('says what is wrong: %s', async (code, options, kind) => {
    const slack = await fakeSlack()
    const channel = slack.workspace.addChannel('there', options)
    const outcome = await sender(slack, channel)(exampleNotice())
    expect(outcome).toMatchObject({ kind, code, message: expect.stringMatching(/^#there: .+/) as string })
  })

  it.each(['token_revoked', 'account_inactive'] as const)('because of the token: %s', async (state) => {
    const slack = await fakeSlack()
    Object.assign(slack.workspace.tokens.get('xoxb-1-good') ?? {}, { state })
    expect(await sender(slack, slack.workspace.channel('ops'))(exampleNotice())).toMatchObject({
      kind: 'broken',
      code: state,
    })
  })

  it('waits as long as Slack wants, where two come within a second', async () => {
    const slack = await fakeSlack()
    slack.limitsPosts = true
    const send = sender(slack, slack.workspace.channel('ops'))
    expect((await send(exampleNotice())).kind).toBe('delivered')
    expect(await send(exampleNotice())).toMatchObject({ kind: 'retry', code: 'ratelimited', retryAfterMs: 1000 })
    slack.workspace.clockMs += 1100
    expect((await send(exampleNotice())).kind).toBe('delivered')
  })

  it('asks for an invitation where the app may not go in by itself', async () => {
    const slack = await fakeSlack()
    slack.workspace.narrow('xoxb-1-good', 'channels:join')
    const outcome = await sender(slack, slack.workspace.channel('general'))(exampleNotice())
    expect(outcome).toMatchObject({ kind: 'broken', code: 'not_in_channel' })
    expect(outcome).toMatchObject({ message: expect.stringContaining('/invite @Gatehouse') as string })
  })

  it('does not take somebody into a channel', async () => {
    const slack = await fakeSlack()
    const quiet = slack.workspace.addChannel('quiet')
    const outcome = await sender(slack, quiet, { token: 'xoxp-1-ada', way: 'user' })(exampleNotice())
    expect(outcome).toMatchObject({ kind: 'broken', message: '#quiet: You are not in the channel. Join it in Slack.' })
    expect(slack.calls('conversations.join')).toEqual([])
  })

  it.each([
    ['half an answer', { status: 200, body: '{"ok":tr' }],
    ['a page of a proxy', { status: 200, body: '<html>Sign in</html>' }],
    ['an answer without what it has to say', { status: 200, body: '{"ok":true}' }],
    ['trouble of its own', { status: 502, body: 'Bad gateway' }],
  ])('is tried again after %s', async (_what, answer) => {
    const slack = await fakeSlack()
    slack.instead('chat.postMessage', answer)
    expect((await sender(slack, slack.workspace.channel('ops'))(exampleNotice())).kind).toBe('retry')
  })

  it('keeps what went over the wire, without the token', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    const outcome = await sender(slack, ops)(exampleNotice())
    expect(outcome.exchanges).toHaveLength(1)
    const [exchange] = outcome.exchanges
    expect(exchange?.request).toMatchObject({ method: 'POST', url: `${slack.apiUrl}/chat.postMessage` })
    expect(exchange?.request.body).toContain(`channel=${ops.id}\n`)
    expect(exchange?.answer?.status).toBe('200')
    expect(JSON.stringify(outcome.exchanges)).not.toContain('xoxb-1-good')
  })
})

describe('a channel', () => {
  const settings = { kind: 'slack' as const, slack: { channel_id: 'C024BE91L', channel_name: 'ops' } }

  it('has a name for people, and says why nothing can be sent', () => {
    const message = 'Slack is not set up.'
    const adapter = new SlackChannel(() => {
      throw new AppError('upstream_unavailable', { message })
    })
    expect(adapter.destination(settings)).toBe('#ops')
    expect(adapter.unready('default')).toEqual({ code: 'upstream_unavailable', message })
  })

  it('shows what it would send', () => {
    const adapter = new SlackChannel(() => {
      throw new Error('A preview needs no Slack.')
    })
    const outgoing = { settings, references: new Map(), secretHeaders: [], createdAt: '2026-11-28T18:00:00.000Z' }
    const preview = adapter.preview({ ...outgoing, notice: exampleNotice() })
    expect(preview).toMatchObject({ content_type: 'application/json' })
    expect(preview.text).toContain('Database is down')
    expect(JSON.parse(preview.body)).toMatchObject({ channel: 'C024BE91L', attachments: [{ color: '#c5221f' }] })
  })
})
