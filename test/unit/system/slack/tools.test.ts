import { describe, expect, it } from 'vitest'
import { SlackAdapter } from '../../../../src/main/system/slack/slack-adapter.ts'
import { callTool, fakeSlack } from './slack-fixture.ts'

const READING = ['list_channels', 'read_channel_history', 'read_thread', 'search_users']

describe('the tools', () => {
  const definitions = new SlackAdapter().tools.map(({ definition }) => definition)

  it('are the eight that are promised', () => {
    expect(definitions.map(({ name }) => name).sort()).toEqual([
      'add_reaction',
      'list_channels',
      'post_message',
      'read_channel_history',
      'read_thread',
      'search_users',
      'update_message',
      'upload_file',
    ])
  })

  it('say which of them only read', () => {
    const reading = definitions.filter(({ annotations }) => annotations.readOnlyHint).map(({ name }) => name)
    expect(reading.sort()).toEqual(READING)
  })

  it('ask for no more than they need', () => {
    const needed = Object.fromEntries(definitions.map(({ name, inputSchema }) => [name, inputSchema.required]))
    expect(needed).toEqual({
      post_message: ['channel', 'text'],
      update_message: ['channel', 'ts', 'text'],
      list_channels: undefined,
      read_channel_history: ['channel'],
      read_thread: ['channel', 'thread_ts'],
      search_users: ['query'],
      add_reaction: ['channel', 'ts', 'name'],
      upload_file: ['channel', 'filename'],
    })
    for (const { inputSchema } of definitions) expect(inputSchema).toMatchObject({ additionalProperties: false })
  })

  it('name the argument at fault, and send nothing', async () => {
    const slack = await fakeSlack()
    const text = await callTool(slack, 'post_message', { channel: 'ops', text: '' })
    expect(text).toContain('channel: Give the ID of a channel')
    expect(text).toContain('text: Write something.')
    expect(slack.seen).toEqual([])
  })
})

describe('post_message', () => {
  it('posts what it is given, with nothing in it that calls anybody', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    const posted = await callTool(slack, 'post_message', {
      channel: ops.id,
      text: 'Hi <!channel> *all* & <@U0ADA00001>',
    })
    expect(posted).toEqual({ channel: ops.id, ts: ops.messages[0]?.ts })
    expect(ops.messages[0]).toMatchObject({
      text: 'Hi &lt;!channel&gt; *all* &amp; &lt;@U0ADA00001&gt;',
      unfurl_links: false,
    })
  })

  it('mentions single people where it is asked to', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    await callTool(slack, 'post_message', { channel: ops.id, text: 'look', mention_users: ['U0ADA00001'] })
    expect(ops.messages[0]?.text).toBe('<@U0ADA00001> look')
    const refused = await callTool(slack, 'post_message', { channel: ops.id, text: 'x', mention_users: ['!channel'] })
    expect(refused).toContain('mention_users.0: Give the ID of a user')
  })

  it('answers in a thread', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    await callTool(slack, 'post_message', { channel: ops.id, text: 'first' })
    const [first] = ops.messages
    const answer = { channel: ops.id, text: 'second', thread_ts: first?.ts, reply_broadcast: true }
    await callTool(slack, 'post_message', answer)
    expect(ops.messages[1]).toMatchObject({ thread_ts: first?.ts, subtype: 'thread_broadcast' })
  })

  it.each([
    ['a channel that it is not in', 'general', /The app is not in the channel\. Invite the app/],
    ['a private channel of others', 'secret', /knows no such channel.*invite the app to it/],
  ])('says what to do about %s', async (_what, name, expected) => {
    const slack = await fakeSlack()
    expect(await callTool(slack, 'post_message', { channel: slack.workspace.channel(name).id, text: 'x' })).toMatch(
      expected,
    )
  })

  it('says when Slack wants to be asked again', async () => {
    const slack = await fakeSlack()
    slack.instead('chat.postMessage', { status: 429, headers: { 'retry-after': '30' }, body: '{"ok":false}' })
    const text = await callTool(slack, 'post_message', { channel: slack.workspace.channel('ops').id, text: 'x' })
    expect(text).toBe('Slack gets too many requests from this app. Try again in 30 s.')
    expect(slack.calls('chat.postMessage')).toHaveLength(1)
  })

  it('names the scope that is missing', async () => {
    const slack = await fakeSlack()
    slack.workspace.narrow('xoxb-1-good', 'chat:write')
    const text = await callTool(slack, 'post_message', { channel: slack.workspace.channel('ops').id, text: 'x' })
    expect(text).toContain('The token lacks the scope "chat:write", which chat.postMessage needs.')
    expect(text).toContain('install the app again')
  })
})

describe('update_message', () => {
  it('changes its own messages, and no others', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    await callTool(slack, 'post_message', { channel: ops.id, text: 'before' })
    const [message] = ops.messages
    await callTool(slack, 'update_message', { channel: ops.id, ts: message?.ts, text: 'after' })
    expect(message).toMatchObject({ text: 'after', edited: { user: 'U0BOT00001' } })

    ops.messages.push({ ts: '1.000001', user: 'U0ADA00001', text: 'mine' })
    const refused = await callTool(slack, 'update_message', { channel: ops.id, ts: '1.000001', text: 'yours' })
    expect(refused).toBe('Slack does not let this message be changed.')
    const missing = await callTool(slack, 'update_message', { channel: ops.id, ts: '1.000009', text: 'x' })
    expect(missing).toContain('no such message')
  })
})

describe('texts of agents', () => {
  it('are never cut by Slack, though it counts what is escaped in them', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    const posted = await callTool(slack, 'post_message', { channel: ops.id, text: '&'.repeat(12_000) })
    expect(posted).toBe('The message is too long for Slack. Send less.')
    expect(slack.calls('chat.postMessage')).toHaveLength(0)
    await callTool(slack, 'post_message', { channel: ops.id, text: 'x'.repeat(12_000) })
    expect(ops.messages[0]?.text).toHaveLength(12_000)
  })

  it('are shorter where they replace another one', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    await callTool(slack, 'post_message', { channel: ops.id, text: 'before' })
    const change = (text: string) =>
      callTool(slack, 'update_message', { channel: ops.id, ts: ops.messages[0]?.ts, text })
    expect(await change('x'.repeat(4_001))).toContain('at most 4,000 characters')
    expect(await change('<'.repeat(4_000))).toBe('The message is too long for Slack. Send less.')
    expect(slack.calls('chat.update')).toHaveLength(0)
    await change('x'.repeat(4_000))
    expect(ops.messages[0]?.text).toHaveLength(4_000)
  })
})

describe('list_channels', () => {
  it('goes over pages that are empty because all of their channels are archived', async () => {
    const slack = await fakeSlack()
    for (let count = 0; count < 30; count++) slack.workspace.addChannel(`old-${count}`, { isArchived: true })
    slack.workspace.addChannel('last')
    const first = await callTool(slack, 'list_channels', { limit: 5, cursor: Buffer.from('at:2').toString('base64') })
    expect(first).toMatchObject({ channels: [{ name: 'last', is_member: false }], next_cursor: null })
  })

  it('finds by name, archived ones where they are wanted, and private ones that the app is in', async () => {
    const slack = await fakeSlack()
    slack.workspace.addChannel('ops-old', { isArchived: true })
    slack.workspace.addChannel('ops-inner', { isPrivate: true, members: ['U0BOT00001'] })
    const names = async (args: object) => {
      const answer = await callTool(slack, 'list_channels', { query: '#OPS', ...args })
      return (answer as { channels: { name: string }[] }).channels.map(({ name }) => name)
    }
    expect(await names({})).toEqual(['ops', 'ops-inner'])
    expect(await names({ include_archived: true })).toEqual(['ops', 'ops-old', 'ops-inner'])
    expect(await names({ include_private: false })).toEqual(['ops'])
  })

  it('says where to go on', async () => {
    const slack = await fakeSlack()
    const first = (await callTool(slack, 'list_channels', { limit: 1 })) as { next_cursor: string }
    const second = await callTool(slack, 'list_channels', { limit: 1, cursor: first.next_cursor })
    expect(first).toMatchObject({ channels: [{ name: 'ops', topic: 'About ops', num_members: 2 }] })
    expect(second).toMatchObject({ channels: [{ name: 'general' }] })
    expect(await callTool(slack, 'list_channels', { cursor: 'nonsense' })).toContain('Begin with the first page.')
  })
})

describe('reading', () => {
  it('gives a channel newest first, and a thread oldest first', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    await callTool(slack, 'post_message', { channel: ops.id, text: 'one' })
    await callTool(slack, 'post_message', { channel: ops.id, text: 'two' })
    const [one] = ops.messages
    await callTool(slack, 'post_message', { channel: ops.id, text: 'in one', thread_ts: one?.ts })

    const history = await callTool(slack, 'read_channel_history', { channel: ops.id })
    expect(history).toMatchObject({
      messages: [{ text: 'two' }, { text: 'one', reply_count: 1, user: 'U0BOT00001', bot_id: 'B0BOT00001' }],
      has_more: false,
      next_cursor: null,
    })
    const thread = await callTool(slack, 'read_thread', { channel: ops.id, thread_ts: one?.ts, limit: 1 })
    expect(thread).toMatchObject({ messages: [{ text: 'one' }], has_more: true })
    const rest = { channel: ops.id, thread_ts: one?.ts, cursor: (thread as { next_cursor: string }).next_cursor }
    expect(await callTool(slack, 'read_thread', rest)).toMatchObject({ messages: [{ text: 'in one' }] })
  })

  it('stays within bounds, whatever a message has', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    const attachments = [{ fallback: 'from an app' }]
    ops.messages.push({ ts: '1.000001', user: 'U0ADA00001', text: 'x'.repeat(40_000) })
    ops.messages.push({ ts: '1.000002', user: 'U0BOT00001', text: '', attachments })
    const history = await callTool(slack, 'read_channel_history', { channel: ops.id, oldest: '0.1' })
    expect(history).toMatchObject({ messages: [{ text: 'from an app', is_cut: false }, { is_cut: true }] })
    expect(JSON.stringify(history).length).toBeLessThan(6000)
  })

  it('sends its arguments as a form, which is all that Slack reads there', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    await callTool(slack, 'read_channel_history', { channel: ops.id, latest: '5.0', inclusive: true })
    expect(slack.calls('conversations.history')[0]).toMatchObject({
      contentType: expect.stringContaining('application/x-www-form-urlencoded') as string,
      args: { channel: ops.id, latest: '5.0', inclusive: 'true', limit: '20' },
    })
  })
})

describe('search_users', () => {
  it('finds people by a part of their names and addresses', async () => {
    const slack = await fakeSlack()
    const found = async (query: string, more = {}) => {
      const answer = await callTool(slack, 'search_users', { query, ...more })
      return (answer as { users: { name: string }[] }).users.map(({ name }) => name)
    }
    expect(await found('lovelace')).toEqual(['ada'])
    expect(await found('@BOB')).toEqual(['bob'])
    expect(await found('ada@example')).toEqual(['ada'])
    expect(await found('gatehouse')).toEqual([])
    expect(await found('gatehouse', { include_bots: true })).toEqual(['gatehouse'])
    expect(await found('old')).toEqual([])
  })

  it('works without the scope for addresses', async () => {
    const slack = await fakeSlack()
    slack.workspace.narrow('xoxb-1-good', 'users:read.email')
    expect(await callTool(slack, 'search_users', { query: 'ada' })).toMatchObject({
      users: [{ id: 'U0ADA00001', real_name: 'Ada Lovelace', email: null, time_zone: 'Europe/London' }],
      next_cursor: null,
    })
  })
})

describe('add_reaction', () => {
  it('reacts once', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    await callTool(slack, 'post_message', { channel: ops.id, text: 'x' })
    const place = { channel: ops.id, ts: ops.messages[0]?.ts }
    expect(await callTool(slack, 'add_reaction', { ...place, name: ':eyes:' })).toEqual({ added: true })
    expect(await callTool(slack, 'add_reaction', { ...place, name: 'eyes' })).toEqual({ added: false })
    expect(await callTool(slack, 'add_reaction', { ...place, name: 'nope' })).toContain('no emoji with this name')
  })
})

describe('upload_file', () => {
  it('uploads a text and shares it with a comment', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    const file = { channel: ops.id, filename: 'a.csv', content: 'größe;1', initial_comment: '<!here> see' }
    const answer = await callTool(slack, 'upload_file', file)
    const id = (answer as { file_id: string }).file_id
    expect(answer).toEqual({ file_id: id, title: 'a.csv', permalink: `https://acme.slack.com/files/${id}` })
    expect(slack.workspace.files.get(id)?.content?.toString()).toBe('größe;1')
    expect(ops.messages[0]).toMatchObject({ text: '&lt;!here&gt; see', files: [{ id, title: 'a.csv' }] })
  })

  it('uploads bytes into a thread', async () => {
    const slack = await fakeSlack()
    const ops = slack.workspace.channel('ops')
    await callTool(slack, 'post_message', { channel: ops.id, text: 'x' })
    const bytes = Buffer.from([0, 255, 128, 10, 13])
    const file = { filename: 'b.bin', content_base64: bytes.toString('base64'), title: 'Bytes' }
    const answer = await callTool(slack, 'upload_file', { channel: ops.id, thread_ts: ops.messages[0]?.ts, ...file })
    expect(slack.workspace.files.get((answer as { file_id: string }).file_id)?.content).toEqual(bytes)
    expect(ops.messages[1]).toMatchObject({ thread_ts: ops.messages[0]?.ts, files: [{ title: 'Bytes' }] })
  })

  it('wants its content once', async () => {
    const slack = await fakeSlack()
    const place = { channel: slack.workspace.channel('ops').id, filename: 'a.txt' }
    expect(await callTool(slack, 'upload_file', place)).toContain('Give the content once')
    expect(await callTool(slack, 'upload_file', { ...place, content: 'a', content_base64: 'YQ==' })).toContain('once')
    expect(slack.seen).toEqual([])
  })
})
