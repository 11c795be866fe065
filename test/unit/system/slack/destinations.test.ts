import { describe, expect, it } from 'vitest'
import { SlackDestinations } from '../../../../src/main/system/slack/slack-destinations.ts'
import { slackAccess } from '../../../helpers/slack-access.ts'
import type { FakeSlack } from '../../../servers/slack/server.ts'
import { fakeSlack } from './slack-fixture.ts'

const ALL = { query: '', fresh: false }

function picker(slack: FakeSlack, options: Parameters<typeof slackAccess>[1] = {}): SlackDestinations {
  return new SlackDestinations(() => slackAccess(slack, options))
}

describe('the channels to choose from', () => {
  it('are all that can be seen, those of the app first, without archived ones', async () => {
    const slack = await fakeSlack()
    slack.workspace.addChannel('old', { isArchived: true })
    slack.workspace.addChannel('inner', { isPrivate: true, members: ['U0BOT00001'] })
    const { items, complete } = await picker(slack).list('default', ALL)
    expect(complete).toBe(true)
    expect(items.map(({ name, is_private, is_member, hint }) => [name, is_private, is_member, hint])).toEqual([
      ['inner', true, true, null],
      ['ops', false, true, null],
      ['general', false, false, null],
    ])
  })

  it('tell a person where they have to go first', async () => {
    const slack = await fakeSlack()
    slack.workspace.addChannel('quiet')
    const { items } = await picker(slack, { token: 'xoxp-1-ada', way: 'user' }).list('default', ALL)
    expect(items.find(({ name }) => name === 'quiet')?.hint).toBe('Join #quiet in Slack.')
    expect(items.find(({ name }) => name === 'secret')?.hint).toBeNull()
  })

  it('go on behind pages that are short or empty', async () => {
    const slack = await fakeSlack()
    for (let count = 0; count < 2500; count++) slack.workspace.addChannel(`old-${count}`, { isArchived: true })
    slack.workspace.addChannel('last')
    const { items, complete } = await picker(slack).list('default', { query: '#LA', fresh: false })
    expect(items.map(({ name }) => name)).toEqual(['last'])
    expect(complete).toBe(true)
    expect(slack.calls('conversations.list')).toHaveLength(3)
  })

  it('are not asked for without end', async () => {
    const slack = await fakeSlack()
    const endless = { ok: true, channels: [], response_metadata: { next_cursor: 'again' } }
    const answers = Array.from({ length: 30 }, () => ({ status: 200, body: JSON.stringify(endless) }))
    slack.instead('conversations.list', ...answers)
    expect(await picker(slack).list('default', ALL)).toEqual({ items: [], complete: false })
    expect(slack.calls('conversations.list')).toHaveLength(20)
  })

  it('are asked for once by all who look at the same time, and again where it is wanted', async () => {
    const slack = await fakeSlack()
    const channels = picker(slack)
    await Promise.all(['o', 'op', 'ops'].map((query) => channels.list('default', { query, fresh: false })))
    expect(slack.calls('conversations.list')).toHaveLength(1)
    slack.workspace.addChannel('new')
    expect((await channels.list('default', { query: 'new', fresh: false })).items).toEqual([])
    expect((await channels.list('default', { query: 'new', fresh: true })).items).toHaveLength(1)
    channels.close()
  })

  it('are asked for anew with another token', async () => {
    const slack = await fakeSlack()
    let token = 'xoxb-1-good'
    const channels = new SlackDestinations(() => slackAccess(slack, { token }))
    await channels.list('default', ALL)
    token = 'xoxp-1-ada'
    await channels.list('default', ALL)
    expect(slack.calls('conversations.list').map(({ authorization }) => authorization)).toEqual([
      'Bearer xoxb-1-good',
      'Bearer xoxp-1-ada',
    ])
  })

  it('are the public ones where the token is told of no others', async () => {
    const slack = await fakeSlack()
    slack.workspace.narrow('xoxb-1-good', 'groups:read')
    const { items, complete } = await picker(slack).list('default', ALL)
    expect(items.map(({ name }) => name)).toEqual(['ops', 'general'])
    expect(complete).toBe(false)
  })

  it('are not remembered where Slack refused', async () => {
    const slack = await fakeSlack()
    slack.instead('conversations.list', { status: 429, headers: { 'retry-after': '7' }, body: '{}' })
    const channels = picker(slack)
    await expect(channels.list('default', ALL)).rejects.toMatchObject({
      code: 'rate_limited',
      message: 'Slack gets too many requests from this app. Try again in 7 s.',
    })
    expect((await channels.list('default', ALL)).items).toHaveLength(2)
  })

  it('keep nobody waiting who has gone', async () => {
    const slack = await fakeSlack()
    const gone = AbortSignal.abort(new Error('gone'))
    await expect(picker(slack).list('default', ALL, gone)).rejects.toThrow('gone')
  })
})
