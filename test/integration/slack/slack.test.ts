import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { SetupResult } from '../../../src/shared/contract/setup.ts'
import { startTestApp, type Client, type TestApp } from '../../helpers/start-app.ts'
import { startFakeSlack, type FakeSlack } from '../../servers/slack/server.ts'

const CLIENT_ID = '1234567890.1234567890'

interface Started {
  app: TestApp
  client: Client
  slack: FakeSlack
}

async function start(): Promise<Started> {
  const slack = await startFakeSlack()
  onTestFinished(() => slack.close())
  const app = await startTestApp()
  onTestFinished(() => app.close())
  return { app, client: app.client('rpc'), slack }
}

async function setUp(client: Client, input: Parameters<Client['setup']['apply']>[0]): Promise<SetupResult> {
  const stream = await client.setup.apply(input)
  let step = await stream.next()
  while (step.done !== true) step = await stream.next()
  return step.value
}

function asApp({ client, slack }: Started, token = 'xoxb-1-good'): Promise<SetupResult> {
  const values = { cloud: 'other', api_url: slack.apiUrl }
  return setUp(client, { name: 'slack', way: 'app', values, credentials: { bot_token: token } })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

describe('Slack as an app', () => {
  it('is set up, gives its tools, and takes notices of an incident until it is over', async () => {
    const started = await start()
    const { client, slack } = started
    expect(await asApp(started, 'xoxb-wrong')).toMatchObject({ ok: false, saved: false })
    const result = await asApp(started)
    expect(result).toMatchObject({ ok: true, saved: true })
    expect(result.checks.map(({ id, state }) => [id, state])).toEqual([
      ['token', 'ok'],
      ['kind', 'ok'],
      ['scopes', 'ok'],
    ])

    const { items, complete } = await client.channels.destinations({ kind: 'slack', query: 'op' })
    expect(items.map(({ name }) => name)).toEqual(['ops'])
    expect(complete).toBe(true)

    const ops = slack.workspace.channel('ops')
    const channel = await client.channels.create({
      kind: 'slack',
      name: 'Ops',
      slack: { channel_id: ops.id, channel_name: 'ops' },
    })
    expect(channel.destination).toBe('#ops')
    expect(await client.channels.test({ id: channel.id })).toMatchObject({ ok: true, error: null })
    expect(ops.messages).toHaveLength(1)

    await client.rules.create({
      name: 'All incidents',
      when: { types: ['incident'], min_severity: 'info', matchers: [] },
      channels: [channel.id],
    })
    const event = await client.events.create({ title: 'Disk <!channel> full', severity: 'high', dedupe_key: 'disk' })
    await vi.waitFor(() => expect(ops.messages).toHaveLength(2))
    const [, opened] = ops.messages
    expect(opened?.text).toBe('[High] Disk &lt;!channel&gt; full (#1)')

    await client.incidents.resolve({ id: event.incident_id ?? '' })
    await vi.waitFor(() => expect(ops.messages).toHaveLength(3))
    expect(ops.messages[1]?.text).toBe('Resolved: Disk &lt;!channel&gt; full (#1)')
    expect(ops.messages[2]).toMatchObject({ thread_ts: opened?.ts })
  })

  it('calls once with a pasted token that has ended', async () => {
    const started = await start()
    const { client, slack } = started
    await asApp(started)
    const token = slack.workspace.tokens.get('xoxb-1-good')
    if (token !== undefined) token.state = 'token_expired'
    const before = slack.calls('conversations.list').length
    await expect(client.channels.destinations({ kind: 'slack', query: '', fresh: 'true' })).rejects.toThrow('has ended')
    expect(slack.calls('conversations.list')).toHaveLength(before + 1)
  })

  it('names its tools, and calls them with the token that is stored', async () => {
    const started = await start()
    const { client, slack } = started
    await asApp(started)
    const ops = slack.workspace.channel('ops')
    const { items } = await client.tools.list({ query: 'slack' })
    expect(items.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['post_message', 'upload_file', 'search_users']),
    )
    const file = { channel: ops.id, filename: 'a.txt', content: 'a file' }
    const run = await client.tools.run({ name: 'slack__upload_file', arguments: file })
    let step = await run.next()
    while (step.done !== true) step = await run.next()
    expect([...slack.workspace.files.values()].map(({ content }) => content?.toString())).toEqual(['a file'])
    expect(ops.messages[0]?.files?.[0]?.name).toBe('a.txt')
  })
})

describe('Slack as a person', () => {
  async function signIn({ client, slack }: Started): Promise<void> {
    const port = await freePort()
    slack.oauth.app.redirectUris.push(`http://127.0.0.1:${port}/oauth/callback`)
    const values = {
      cloud: 'other',
      api_url: slack.apiUrl,
      sign_in_url: slack.signInUrl,
      client_id: CLIENT_ID,
      redirect_port: port,
    }
    expect(await setUp(client, { name: 'slack', way: 'user', values })).toMatchObject({ saved: true })
    const { authorization_url: address } = await client.integrations.authorize({ name: 'slack' })
    const sent = await fetch(address ?? '', { redirect: 'manual' })
    const location = sent.headers.get('location') ?? ''
    expect(location).toContain(`http://127.0.0.1:${port}/oauth/callback?`)
    expect((await fetch(location)).status).toBe(200)
    await vi.waitFor(async () => {
      expect(await client.integrations.get({ name: 'slack' })).toMatchObject({ oauth: { state: 'signed_in' } })
    })
  }

  async function names(client: Client): Promise<string[]> {
    const { items } = await client.channels.destinations({ kind: 'slack', query: '', fresh: 'true' })
    return items.map(({ name }) => name)
  }

  it('signs in with PKCE, sees what the person sees, and renews its token', async () => {
    const started = await start()
    const { client, slack } = started
    // Less than a minute: a call renews it.
    slack.oauth.accessSeconds = 1
    await signIn(started)
    const { oauth } = await client.integrations.get({ name: 'slack' })
    expect(oauth).toMatchObject({ client_id: CLIENT_ID, renews: true })
    expect(oauth?.scopes).toContain('users:read.email')
    await vi.waitFor(async () => {
      expect(await names(client)).toContain('secret')
      expect(slack.calls('oauth.v2.user.access').length).toBeGreaterThan(1)
    })
    const bearers = new Set(slack.calls('conversations.list').map(({ authorization }) => authorization))
    expect([...bearers].every((bearer) => bearer?.startsWith('Bearer xoxe.xoxp-1-'))).toBe(true)
  })

  it.each(['token_expired', 'invalid_auth', 'token_revoked'] as const)(
    'renews a token that Slack answers with %s, once, and calls again',
    async (state) => {
      const started = await start()
      const { client, slack } = started
      await signIn(started)
      expect(await names(client)).toContain('secret')
      const tokens = [...slack.workspace.tokens.values()].filter(({ token }) => token.startsWith('xoxe.xoxp-'))
      for (const token of tokens) token.state = state
      const before = slack.calls('conversations.list').length

      expect(await names(client)).toContain('secret')
      expect(slack.calls('oauth.v2.user.access')).toHaveLength(2)
      expect(slack.calls('conversations.list')).toHaveLength(before + 2)
    },
  )

  it('renews no token again that Slack does not accept right after it was given', async () => {
    const started = await start()
    const { client, slack } = started
    await signIn(started)
    const refusal = { status: 200, body: JSON.stringify({ ok: false, error: 'invalid_auth' }) }
    slack.instead('conversations.list', refusal, refusal)
    await expect(names(client)).rejects.toMatchObject({ code: 'upstream_unavailable' })
    expect(slack.calls('oauth.v2.user.access')).toHaveLength(2)
    expect(slack.calls('conversations.list')).toHaveLength(2)
  })

  it('asks for a new sign-in where the refresh token has ended', async () => {
    const started = await start()
    const { client, slack } = started
    slack.oauth.accessSeconds = 1
    await signIn(started)
    slack.oauth.endGrants()
    await vi.waitFor(async () => {
      await names(client).catch(() => undefined)
      expect(await client.integrations.get({ name: 'slack' })).toMatchObject({ oauth: { state: 'ended' } })
    })
    await expect(names(client)).rejects.toMatchObject({ code: 'authorization_required' })
  })
})
