import { expect, it, onTestFinished, vi } from 'vitest'
import { CommandLine, type RunningGateway } from '../../helpers/command-line.ts'
import { createHttpClient } from '../../helpers/http-client.ts'
import type { Client } from '../../helpers/start-app.ts'
import type { EndpointBehaviour } from '../../servers/authorization/switches.ts'
import { PATIENCE, startServers, tokenRequests, visit } from './authorize-fixture.ts'

// Each command is a process, and the machine may be busy with others.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

async function startGateway() {
  const servers = await startServers()
  const cli = await CommandLine.create()
  onTestFinished(() => cli.close())
  let gateway: RunningGateway = await cli.serve()
  const clientOf = ({ ready }: RunningGateway): Client =>
    createHttpClient({ apiUrl: ready.api_url, token: ready.admin_token, workspace: 'default' })
  let client = clientOf(gateway)
  const connected = () =>
    vi.waitFor(async () => {
      expect((await client.integrations.get({ name: 'notes' })).connection).toMatchObject({ state: 'connected' })
    }, PATIENCE)
  const signIn = async () => {
    const { authorization_url: url } = await client.integrations.authorize({ name: 'notes' })
    expect((await visit(url)).text).toContain('Signed in to notes.')
    await connected()
  }
  const mcp = { transport: 'http', server_url: servers.resource.url } as const
  await client.integrations.create({ name: 'notes', auth_type: 'oauth2', mcp })
  return {
    servers,
    signIn,
    call: () => client.tools.call({ name: 'notes__echo', arguments: { message: 'hello' } }),
    authorize: () => client.integrations.authorize({ name: 'notes' }),
    status: async () => (await client.integrations.get({ name: 'notes' })).oauth,
    /** As an out-of-memory killer does, and starts it again. */
    killed: async () => {
      await gateway.stop('SIGKILL')
      gateway = await cli.serve()
      client = clientOf(gateway)
    },
  }
}

const REFRESH: EndpointBehaviour = { grantType: 'refresh_token' }

it.each<[string, EndpointBehaviour]>([
  ['after the server gave a new token and before it was stored', { ...REFRESH, loseAnswer: true }],
  ['while the server thinks about a new token', { ...REFRESH, delayMs: 60_000 }],
  ['in the moment in which a new token comes', REFRESH],
])('a gateway that is killed %s works again, or says clearly that somebody has to sign in', async (_when, token) => {
  const { servers, signIn, call, status, killed } = await startGateway()
  await signIn()
  await servers.server.change({ endpoints: { token } })
  await servers.resource.change({ refuse: 'seen' })
  const interrupted = call().catch((error: unknown) => error)
  await vi.waitFor(async () => expect(await tokenRequests(servers, 'refresh_token')).toBeGreaterThan(0), PATIENCE)
  await killed()
  await interrupted
  await servers.server.change({ endpoints: { token: null } })
  const answer = await call().catch((error: unknown) => error)
  if (answer instanceof Error) {
    expect(answer).toMatchObject({
      code: 'authorization_required',
      message: expect.stringMatching(/sign in/i) as string,
    })
    expect(await status()).toMatchObject({ state: 'ended', problem: { code: 'invalid_grant' } })
    await signIn()
  }
  expect(await call()).toMatchObject({ content: [{ text: '{"message":"hello"}' }] })
})

it('a gateway that is killed while a code is exchanged can be signed in to again', async () => {
  const { servers, signIn, call, authorize, status, killed } = await startGateway()
  const { authorization_url: url } = await authorize()
  await servers.server.change({ endpoints: { token: { delayMs: 60_000 } } })
  const page = visit(url).catch((error: unknown) => error)
  await vi.waitFor(async () => expect(await tokenRequests(servers, 'authorization_code')).toBe(1), PATIENCE)
  await killed()
  await page
  await servers.server.change({ endpoints: { token: null } })
  expect(await status()).toMatchObject({ state: 'signed_out', waiting: null })
  await signIn()
  expect(await call()).toMatchObject({ content: [{ text: '{"message":"hello"}' }] })
})
