import { expect, it, onTestFinished, vi } from 'vitest'
import type { ConnectionState } from '../../../src/shared/contract/integrations.ts'
import { CommandLine, type RunningGateway } from '../../helpers/command-line.ts'
import { modern } from '../../helpers/gateway-fixture.ts'
import { createHttpClient } from '../../helpers/http-client.ts'
import type { Client } from '../../helpers/start-app.ts'
import type { EndpointBehaviour } from '../../servers/authorization/switches.ts'
import { startServers, tokenRequests, visit } from './authorize-fixture.ts'

// Each command is a process, and the machine may be busy with others.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 })

async function startGateway(rotateRefreshTokens = true) {
  const servers = await startServers({ rotateRefreshTokens })
  const cli = await CommandLine.create()
  onTestFinished(() => cli.close())
  let gateway: RunningGateway = await cli.serve()
  const clientOf = ({ ready }: RunningGateway): Client =>
    createHttpClient({ apiUrl: ready.api_url, token: ready.admin_token, workspace: 'default' })
  let client = clientOf(gateway)
  const get = () => client.integrations.get({ name: 'notes' })
  const until = (state: ConnectionState) =>
    vi.waitFor(async () => expect((await get()).connection).toMatchObject({ state }))
  const mcp = { transport: 'http', server_url: servers.resource.url } as const
  await client.integrations.create({ name: 'notes', auth_type: 'oauth2', mcp })
  return {
    servers,
    until,
    signIn: async () => {
      const { authorization_url: url } = await client.integrations.authorize({ name: 'notes' })
      expect((await visit(url)).text).toContain('Signed in to notes.')
      await until('connected')
    },
    /** What an agent gets. */
    call: async (): Promise<unknown> => {
      const { mcp_url, agent_token } = gateway.ready
      const { body, headers } = modern('tools/call', { name: 'notes__echo', arguments: { message: 'hello' } })
      const response = await fetch(mcp_url, {
        method: 'POST',
        headers: {
          ...headers,
          authorization: `Bearer ${agent_token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
        },
        body: JSON.stringify(body),
      })
      return await response.json()
    },
    authorize: () => client.integrations.authorize({ name: 'notes' }),
    status: async () => (await get()).oauth,
    /** As an out-of-memory killer does, and starts it again; by then the authorization server is well. */
    killed: async () => {
      await gateway.stop('SIGKILL')
      await servers.server.change({ endpoints: { token: null } })
      gateway = await cli.serve()
      client = clientOf(gateway)
    },
  }
}

const REFRESH: EndpointBehaviour = { grantType: 'refresh_token' }
const LOST: EndpointBehaviour = { ...REFRESH, loseAnswer: true }
const echoed = { result: { content: [{ text: '{"message":"hello"}' }] } }

/** Whether it goes on by itself; undefined: the server may or may not have done its part. */
type GoesOn = boolean | undefined

it.each<[string, EndpointBehaviour, { rotates: boolean; goesOn: GoesOn }]>([
  ['after a new token was given, and refresh tokens stay the same', LOST, { rotates: false, goesOn: true }],
  ['after a new token was given, and refresh tokens rotate', LOST, { rotates: true, goesOn: false }],
  ['while the server thinks', { ...REFRESH, delayMs: 60_000 }, { rotates: true, goesOn: undefined }],
  ['in the moment in which a new token comes', REFRESH, { rotates: true, goesOn: undefined }],
])('a gateway that is killed %s works again, or says that somebody has to sign in', async (_when, token, expected) => {
  const { servers, until, signIn, call, status, killed } = await startGateway(expected.rotates)
  await signIn()
  expect(await call()).toMatchObject(echoed)
  await servers.server.change({ endpoints: { token } })
  await servers.resource.change({ refuse: 'seen' })
  const interrupted = call().catch((error: unknown) => error)
  await vi.waitFor(async () => expect(await tokenRequests(servers, 'refresh_token')).toBeGreaterThan(0))
  await killed()
  await interrupted
  const answer = await call()
  const goesOn = !JSON.stringify(answer).includes('authorization_required')
  if (expected.goesOn !== undefined) expect(goesOn).toBe(expected.goesOn)
  if (!goesOn) {
    expect(answer).toMatchObject({
      error: {
        message: expect.stringContaining('Sign in to notes again in Gatehouse.') as string,
        data: { code: 'authorization_required', integration: 'notes' },
      },
    })
    await until('needs_auth')
    expect(await status()).toMatchObject({ state: 'ended', problem: { code: 'invalid_grant' } })
    await signIn()
  }
  expect(await call()).toMatchObject(echoed)
})

it('a gateway that is killed while a code is exchanged can be signed in to again', async () => {
  const { servers, signIn, call, authorize, status, killed } = await startGateway()
  const { authorization_url: url } = await authorize()
  await servers.server.change({ endpoints: { token: { delayMs: 60_000 } } })
  const page = visit(url).catch((error: unknown) => error)
  await vi.waitFor(async () => expect(await tokenRequests(servers, 'authorization_code')).toBe(1))
  await killed()
  await page
  expect(await status()).toMatchObject({ state: 'signed_out', waiting: null })
  await signIn()
  expect(await call()).toMatchObject(echoed)
})
