import { describe, expect, it } from 'vitest'
import type { SetupCheck } from '../../../../src/shared/contract/setup.ts'
import { AppError } from '../../../../src/main/base/app-error.ts'
import { verifySlack } from '../../../../src/main/system/slack/slack-verify.ts'
import { slackAccess } from '../../../helpers/slack-access.ts'
import { fakeSlack } from './slack-fixture.ts'

/** Each check as it ended. */
async function checks(access: ReturnType<typeof slackAccess>): Promise<SetupCheck[]> {
  const ended = new Map<string, SetupCheck>()
  for await (const check of verifySlack(access, AbortSignal.timeout(20_000))) ended.set(check.id, check)
  return [...ended.values()]
}

describe('the check of a setup', () => {
  it('says who we are, and that all is there', async () => {
    const found = await checks(slackAccess(await fakeSlack()))
    expect(found.map(({ id, state, message }) => [id, state, message])).toEqual([
      ['token', 'ok', 'Slack knows it: gatehouse in Acme.'],
      ['kind', 'ok', 'It is the token of an app.'],
      ['scopes', 'ok', 'It has all 10 scopes that Gatehouse uses.'],
    ])
  })

  it('names each scope that is missing, and what does not work without it', async () => {
    const slack = await fakeSlack()
    slack.workspace.narrow('xoxb-1-good', 'files:write', 'groups:read')
    const found = await checks(slackAccess(slack))
    expect(found.slice(2)).toEqual([
      {
        id: 'scope:groups:read',
        label: 'Scope groups:read',
        state: 'warning',
        message:
          'The token lacks groups:read. Private channels are not listed, neither to choose one nor by list_channels.',
        fix: 'Add groups:read to the bot token scopes under OAuth & Permissions, and install the app again.',
        field: null,
      },
      expect.objectContaining({ id: 'scope:files:write', state: 'warning' }),
    ])
  })

  it.each([
    ['nobody knows', 'xoxb-unknown', 'Slack does not accept the token.'],
    ['was revoked', 'xoxb-revoked', 'The token was revoked in Slack.'],
  ])('points at a token that %s', async (_what, token, message) => {
    const slack = await fakeSlack()
    slack.workspace.addToken({ token: 'xoxb-revoked', kind: 'bot', user: 'U0BOT00001', state: 'token_revoked' })
    const found = await checks(slackAccess(slack, { token }))
    expect(found).toEqual([
      expect.objectContaining({ id: 'token', state: 'failed', message, field: 'credentials.bot_token' }),
    ])
  })

  it('does not take the token of a person for that of an app, nor the other way round', async () => {
    const slack = await fakeSlack()
    const asApp = await checks(slackAccess(slack, { token: 'xoxp-1-ada' }))
    expect(asApp.find(({ id }) => id === 'kind')).toMatchObject({ state: 'failed', field: 'credentials.bot_token' })
    const asUser = await checks(slackAccess(slack, { way: 'user' }))
    expect(asUser.find(({ id }) => id === 'kind')).toMatchObject({ state: 'failed', field: null })
    const right = await checks(slackAccess(slack, { token: 'xoxp-1-ada', way: 'user' }))
    expect(right.every(({ state }) => state === 'ok')).toBe(true)
  })

  it('warns of a pasted token that ends by itself', async () => {
    const slack = await fakeSlack()
    slack.workspace.addToken({ token: 'xoxe.xoxb-1', kind: 'bot', user: 'U0BOT00001', bot_id: 'B0BOT00001' })
    const found = await checks(slackAccess(slack, { token: 'xoxe.xoxb-1' }))
    expect(found.find(({ id }) => id === 'kind')).toMatchObject({ state: 'warning' })
  })

  it('does not fail before anybody could sign in', async () => {
    const access = {
      ...slackAccess(await fakeSlack(), { way: 'user' }),
      request: () => Promise.reject(new AppError('authorization_required')),
    }
    expect(await checks(access)).toEqual([
      expect.objectContaining({ id: 'token', state: 'warning', fix: 'Sign in to Slack.' }),
    ])
  })

  it.each([
    ['nothing answers', undefined, /./],
    ['something else answers', { status: 404, body: 'Not here' }, /answered 404/],
    ['a proxy answers', { status: 200, body: '<html>' }, /did not answer as Slack does/],
  ])('says so where %s', async (_what, instead, message) => {
    const slack = await fakeSlack()
    if (instead === undefined) await slack.close()
    else slack.instead('auth.test', instead)
    const [check] = await checks(slackAccess(slack))
    expect(check).toMatchObject({ state: 'failed', message: expect.stringMatching(message) as string })
  })
})
