import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { startTestApp, type Client, type TestApp } from '../../helpers/start-app.ts'
import type { Agent } from '../../matrix/agent.ts'
import { connect } from '../../matrix/agents.ts'
import { startServers, type Servers } from '../../matrix/servers.ts'

let app: TestApp
let client: Client
let servers: Servers
let agent: Agent | undefined

beforeAll(async () => {
  servers = await startServers()
}, 120_000)
beforeEach(async () => {
  app = await startTestApp()
  client = app.client()
}, 120_000)
afterEach(async () => {
  await agent?.close()
  await app.close()
})
afterAll(() => servers.stop())

async function connected(name: string): Promise<void> {
  const state = async () => (await client.integrations.get({ name })).connection.state
  await vi.waitFor(async () => expect(await state()).toBe('connected'), { timeout: 60_000, interval: 50 })
}

/** Changes the resource until the agent has heard of it: who has just subscribed again may miss the first. */
async function heardOf(uri: string, watcher: Agent, tool: string): Promise<void> {
  const { heard } = watcher
  const before = heard.updated.length
  await vi.waitFor(
    async () => {
      await watcher.call(tool, { uri })
      await vi.waitFor(() => expect(heard.updated.length).toBeGreaterThan(before), { timeout: 1_000 })
    },
    { timeout: 60_000 },
  )
  expect(new Set(heard.updated)).toEqual(new Set([uri]))
}

it.each([
  ['2025-11-25', 'legacy-stdio', '/mcp'],
  ['2026-07-28', 'legacy-stdio', '/mcp/legacy-stdio'],
  ['2025-11-25', 'modern-http', '/mcp/modern-http'],
  ['2026-07-28', 'modern-http', '/mcp'],
] as const)(
  'an agent of %s hears of a resource of a server over %s at %s after that was restarted and disabled',
  async (revision, kind, path) => {
    const settings = { mcp: servers.settings(kind), auth_type: 'none', on_definition_change: 'allow' } as const
    await client.integrations.create({ name: kind, ...settings })
    await connected(kind)
    const { token } = await client.agents.create({ name: 'watcher' })
    agent = await connect(revision, { name: 'watcher', url: app.origin + path, token })
    const uri = `memo://${kind}/watched`
    const touch = path === '/mcp' ? `${kind}__touch` : 'touch'
    await agent.subscribe(uri)
    await heardOf(uri, agent, touch)
    await client.integrations.restart({ name: kind })
    await connected(kind)
    await heardOf(uri, agent, touch)
    await client.integrations.disable({ name: kind })
    await client.integrations.enable({ name: kind })
    await connected(kind)
    await heardOf(uri, agent, touch)
  },
  240_000,
)
