import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createLogger } from '../../../src/main/base/log.ts'
import { startHostileHttpServer, type HostileHttpServer } from '../../servers/hostile-http-server.ts'
import { startTestApp, type Client, type TestApp } from '../../helpers/start-app.ts'

const TOKEN = 'canary-7f3a-0123456789-abcdefghij-klmnopqrst-5a5a'
/** So much of a secret is a leak. */
const PART = TOKEN.slice(0, 12)

let app: TestApp
let client: Client
let hostile: HostileHttpServer
const lines: string[] = []

beforeAll(async () => {
  hostile = await startHostileHttpServer()
  const log = createLogger({ level: 'debug', destination: { write: (line: string) => void lines.push(line) } })
  app = await startTestApp({ log })
  client = app.client('http')
})
afterAll(async () => {
  await app.close()
  await hostile.close()
})

/** Adds an integration by the name of its attack and waits until it is decided how it stands. */
async function connect(mode: string) {
  await client.integrations.create({
    name: mode,
    mcp: { transport: 'http', server_url: hostile.url(mode) },
    auth_type: 'bearer',
    credentials: { api_token: TOKEN },
  })
  const connection = async () => (await client.integrations.get({ name: mode })).connection
  await expect.poll(async () => (await connection()).state, { timeout: 110_000 }).not.toBe('connecting')
  return await connection()
}

describe('a server that repeats its credential', () => {
  it.each([
    ['where its words are cut', 'echo-late', 'authorization_required'],
    ['in a text that is not MCP', 'echo-text', 'upstream_invalid'],
    ['in its refusal to open', 'echo-refused', 'upstream_invalid'],
  ])('%s gets no part of it into the error', async (_where, mode, code) => {
    const { error } = await connect(mode)
    expect(error?.code).toBe(code)
    expect(error?.message).toContain('no no no')
    expect(error?.message).not.toContain(PART)
  })

  it('as its version, or in the error of a call, does not get it into an answer', async () => {
    const { server_info } = await connect('plain')
    expect(server_info?.name).toBe('xxxxxxxxxx')
    const test = await client.integrations.test({ name: 'plain' })
    const call = await client.tools.call({ name: 'plain__fail' }).catch((error: unknown) => String(error))
    expect(call).toContain('refused')
    const answers = JSON.stringify([await client.integrations.list(), test, call])
    expect(answers).not.toContain(PART)
  })

  it('leaves none of it in the log', () => {
    expect(lines.length).toBeGreaterThan(3)
    expect(lines.join('')).not.toContain(PART)
  })
})

// Where they cost time, they cost minutes.
it('sixty thousand angle brackets in an error cost no time', async () => {
  const { error } = await connect('tags')
  expect(error?.message).toContain('The server answered 500')
})

it('a tool that nests too deep is left out, and the lists of all others can be read', async () => {
  const { state, tool_count, warnings } = await connect('deep')
  expect([state, tool_count]).toEqual(['connected', 1])
  expect(warnings).toEqual([expect.stringContaining('"deep" was left out')])
  expect((await client.tools.list({ integration: 'deep' })).items.map(({ name }) => name)).toEqual(['flat'])
  expect((await client.integrations.list()).items.map(({ name }) => name)).toContain('deep')
})

it('a list of tools without end is cut before it fills the memory', async () => {
  const { state, warnings } = await connect('endless')
  expect(state).toBe('connected')
  expect(warnings).toEqual([expect.stringMatching(/cut/)])
  expect(hostile.pages()).toBeLessThan(12)
  await client.integrations.remove({ name: 'endless' })
})

it('a server that describes itself in five megabytes is told of in a few words', async () => {
  const { state } = await connect('heavy')
  expect(state).toBe('connected')
  expect(JSON.stringify(await client.integrations.get({ name: 'heavy' })).length).toBeLessThan(20_000)
})
