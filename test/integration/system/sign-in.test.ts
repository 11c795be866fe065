import { describe, expect, it, onTestFinished } from 'vitest'
import { safe } from '@orpc/client'
import { startTestApp, type Client } from '../../helpers/start-app.ts'
import { resourcesWith, serveStatusPage } from './status-page.ts'

const NAME = 'team-chat'
const FILE = `
name: team-chat
display_name: Team chat
description: Messages.
category: Communication
ways:
  - id: person
    title: As you
    signs_in: true
    fields:
      - { name: server, label: Server, kind: url, required: true }
      - { name: client_id, label: Client ID, kind: text, required: true }
    connection: { base_url: '{server}' }
    auth:
      type: oauth2
      oauth:
        authorization_url: '{server}/authorize'
        token_url: '{server}/token'
        client_id: '{client_id}'
        scopes: [chat.write]
tools:
  - { name: read, method: GET, path: /api/components }
`

async function setUp(client: Client, origin: string) {
  const stream = await client.setup.apply({
    name: NAME,
    way: 'person',
    values: { server: origin, client_id: 'desktop-app' },
  })
  let step = await stream.next()
  while (step.done !== true) step = await stream.next()
  return step.value
}

describe('a way that signs in', () => {
  it('is stored, and asks a person then', async () => {
    const { origin, seen } = await serveStatusPage()
    const app = await startTestApp({ resourcesDir: resourcesWith(NAME, FILE) })
    onTestFinished(() => app.close())
    const client = app.client('rpc')
    expect(await setUp(client, origin)).toMatchObject({
      ok: true,
      saved: true,
      checks: [],
      message: 'Saved. Sign in to Team chat now.',
    })
    expect(await client.integrations.get({ name: NAME })).toMatchObject({
      auth_type: 'oauth2',
      connection: { state: 'needs_auth' },
      oauth: { state: 'signed_out' },
    })
    const { authorization_url: address } = await client.integrations.authorize({ name: NAME })
    const url = new URL(address ?? '')
    expect(url.origin + url.pathname).toBe(`${origin}/authorize`)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: 'desktop-app',
      scope: 'chat.write',
      code_challenge_method: 'S256',
    })
    await client.integrations.cancel_authorization({ name: NAME })
    // Nothing of the service was asked for without a token.
    expect(seen.filter(({ url: path }) => path.startsWith('/api'))).toEqual([])
    const verified = await client.setup.verify({ name: NAME })
    let step = await verified.next()
    while (step.done !== true) step = await verified.next()
    expect(step.value).toMatchObject({ ok: false, saved: true, message: 'Sign in first.' })
    expect(step.value.checks).toEqual([
      {
        id: 'sign_in',
        label: 'Sign-in',
        state: 'failed',
        message: 'Sign in first.',
        fix: 'Sign in to Team chat, then test it again.',
        field: null,
      },
    ])
    expect(seen.filter(({ url: path }) => path.startsWith('/api'))).toEqual([])
    await client.setup.forget({ name: NAME })
    expect((await safe(client.integrations.authorize({ name: NAME }))).error).not.toBeNull()
  })
})
