import { expect, it, onTestFinished, vi } from 'vitest'
import { CommandLine, type RunningGateway } from '../../helpers/command-line.ts'
import { modern } from '../../helpers/gateway-fixture.ts'
import { createHttpClient } from '../../helpers/http-client.ts'
import { PATIENCE, startServers, tokenRequests, visit } from './authorize-fixture.ts'

function admin({ ready }: RunningGateway) {
  return createHttpClient({ apiUrl: ready.api_url, token: ready.admin_token })
}

async function callEcho({ ready }: RunningGateway): Promise<unknown> {
  const { body, headers } = modern('tools/call', { name: 'notes__echo', arguments: { message: 'hello' } })
  const response = await fetch(ready.mcp_url, {
    method: 'POST',
    headers: {
      ...headers,
      authorization: `Bearer ${ready.agent_token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify(body),
  })
  return await response.json()
}

const stateOf = async (gateway: RunningGateway) =>
  (await admin(gateway).integrations.get({ name: 'notes' })).connection.state

async function signIn(gateway: RunningGateway): Promise<void> {
  const { authorization_url: url } = await admin(gateway).integrations.authorize({ name: 'notes' })
  expect(await visit(url)).toMatchObject({ status: 200 })
  await vi.waitUntil(async () => (await stateOf(gateway)) === 'connected', PATIENCE)
}

const echoed = { result: { content: [{ type: 'text' }] } }

it.each([
  ['works on by itself, where refresh tokens stay the same', false],
  ['says to sign in again, and then works, where they rotate', true],
])(
  'a gateway that is killed after its token was renewed and before that was stored %s',
  async (_what, rotates) => {
    const servers = await startServers({ rotateRefreshTokens: rotates })
    const commands = await CommandLine.create()
    onTestFinished(() => commands.close())
    let gateway = await commands.serve()
    const mcp = { transport: 'http', server_url: servers.resource.url } as const
    await admin(gateway).integrations.create({ name: 'notes', auth_type: 'oauth2', mcp })
    await signIn(gateway)
    expect(await callEcho(gateway)).toMatchObject(echoed)

    // The authorization server does its part, and nothing of it is heard: the window in which the process dies.
    await servers.server.change({ endpoints: { token: { loseAnswer: true } } })
    await servers.resource.change({ refuse: 'seen' })
    const call = callEcho(gateway).catch(() => undefined)
    await vi.waitUntil(async () => (await tokenRequests(servers, 'refresh_token')) > 0, PATIENCE)
    await gateway.stop('SIGKILL')
    await call

    await servers.server.change({ endpoints: { token: null } })
    gateway = await commands.serve()
    await vi.waitUntil(async () => (await stateOf(gateway)) === (rotates ? 'needs_auth' : 'connected'), PATIENCE)
    if (rotates) {
      const { oauth } = await admin(gateway).integrations.get({ name: 'notes' })
      expect(oauth).toMatchObject({ state: 'ended', problem: { code: 'invalid_grant' } })
      expect(await callEcho(gateway)).toMatchObject({
        error: {
          message: expect.stringContaining('Sign in to notes again in Gatehouse.') as string,
          data: { code: 'authorization_required', integration: 'notes' },
        },
      })
      await signIn(gateway)
    }
    expect(await callEcho(gateway)).toMatchObject(echoed)
    await gateway.stop()
  },
  240_000,
)
