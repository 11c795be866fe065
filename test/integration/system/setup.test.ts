import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { safe } from '@orpc/client'
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import type { SetupCheck, SetupResult } from '../../../src/shared/contract/setup.ts'
import { startTestApp, type Client, type TestApp } from '../../helpers/start-app.ts'
import { SDK_AGENTS } from '../gateway/agents.ts'
import { resourcesWith, serveStatusPage, STATUS_PAGE, TOKEN, type Seen } from './status-page.ts'

const NAME = 'status-page'

let dataDir = ''
let resourcesDir = ''
let origin = ''
let seen: Seen[] = []
let app: TestApp
let client: Client
const key = randomBytes(32)

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-setup-'))
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }))
  resourcesDir = resourcesWith(NAME, STATUS_PAGE)
  ;({ origin, seen } = await serveStatusPage())
  await start()
})

async function start(): Promise<void> {
  app = await startTestApp({ resourcesDir, dataDir, vault: { backend: 'key', key } })
  client = app.client('rpc')
  const started = app
  onTestFinished(() => started.close())
}

async function agentTools(): Promise<string[]> {
  const { tools } = await (await agent()).listTools()
  return tools.map(({ name }) => name).filter((name) => name.startsWith(NAME))
}

async function agent() {
  const connect = new Map(SDK_AGENTS).get('SDK 1')
  if (connect === undefined) throw new Error('no agent')
  const connected = await connect({ url: `${app.origin}/mcp`, token: app.agentToken ?? '' })
  onTestFinished(() => connected.close())
  return connected
}

async function setUp(more: object = {}, of: Client = client) {
  const stream = await of.setup.apply({
    name: NAME,
    way: 'token',
    values: { endpoint: origin },
    credentials: { token: TOKEN },
    ...more,
  })
  return await outcome(stream)
}

async function outcome(stream: AsyncIterator<SetupCheck, SetupResult>) {
  const checks: SetupCheck[] = []
  for (;;) {
    const step = await stream.next()
    if (step.done === true) return { checks, result: step.value }
    checks.push(step.value)
  }
}

/** The fields that an error names. */
async function problemsOf(setup: Promise<unknown>): Promise<Record<string, string>> {
  const { error } = await safe(setup)
  const { details = [] } = ((error as { data?: unknown } | null)?.data ?? {}) as {
    details?: { path: string; message: string }[]
  }
  return Object.fromEntries(details.map(({ path, message }) => [path, message]))
}

describe('a fifth integration is a file', () => {
  it('is set up, checked, and its tools are called through the gateway', async () => {
    const before = await client.integrations.get({ name: NAME })
    expect(before).toMatchObject({ source: 'system', rest: null, connection: { state: 'needs_setup' } })
    expect(await client.setup.get({ name: NAME })).toMatchObject({
      ways: [
        { id: 'token', fields: [{ name: 'endpoint', required: true }, { name: 'token', kind: 'secret' }, {}, {}] },
      ],
      channel_kind: null,
      current: null,
    })
    const { checks, result } = await setUp()
    expect(checks.map(({ id, state }) => [id, state])).toEqual([
      ['reach', 'running'],
      ['reach', 'ok'],
    ])
    expect(result).toMatchObject({
      ok: true,
      saved: true,
      message: 'Status page is connected.',
      integration: {
        source: 'system',
        protocol: 'rest',
        status: 'active',
        rest: { base_url: origin, timeout_s: 30, source: null },
        auth_type: 'bearer',
        credentials: { api_token: '••••6789' },
      },
    })
    expect(await agentTools()).toEqual(['status-page__list_components', 'status-page__set_component'])
    const called = await (await agent()).callTool({ name: 'status-page__list_components', arguments: { limit: 5 } })
    expect(called).toMatchObject({ structuredContent: { components: [{ name: 'api', state: 'up' }] } })
    expect(seen.at(-1)).toEqual({ url: '/api/components?limit=5', authorization: `Bearer ${TOKEN}` })
    await vi.waitFor(async () => {
      expect((await client.calls.list({})).items).toMatchObject([
        { integration: NAME, tool: 'status-page__list_components' },
      ])
    })
  })

  it('is there again after a restart, and never stores what the registry says', async () => {
    await setUp()
    await app.close()
    await start()
    await vi.waitFor(async () => {
      expect(await client.integrations.get({ name: NAME })).toMatchObject({
        connection: { state: 'connected', tool_count: 2 },
        rest: { base_url: origin, tools: [{ name: 'list_components' }, { name: 'set_component' }] },
        display_name: 'Status page',
      })
    })
    expect((await client.setup.get({ name: NAME })).current).toMatchObject({
      way: 'token',
      values: { endpoint: origin, limit: 30 },
      credentials: { token: '••••6789' },
    })
  })

  it('has a tool more where a secret of its own was given', async () => {
    await setUp({ credentials: { token: TOKEN, extra: 'canary-extra-0123456789' } })
    expect(await agentTools()).toContain('status-page__private_notes')
    expect((await client.setup.get({ name: NAME })).current?.credentials).toHaveProperty('extra')
  })
})

it('takes no secret of a setup that was stored meanwhile to the server of another one', async () => {
  let release = (): void => undefined
  const gate = new Promise<void>((resolve) => (release = resolve))
  let isHeld = false
  const slow = await serveStatusPage(() => (isHeld ? gate : undefined))
  const other = await serveStatusPage()
  const values = { endpoint: slow.origin }
  expect((await setUp({ values })).result.saved).toBe(true)
  isHeld = true
  // Somebody changes a limit, with the stored token; the check takes its time, and meanwhile ...
  const first = await client.setup.apply({ name: NAME, way: 'token', values: { ...values, limit: 20 } })
  await first.next()
  const second = first.next()
  await vi.waitFor(() => expect(slow.seen.length).toBeGreaterThan(1))
  // ... somebody else moves it to another server, with that one's token.
  const credentials = { token: 'canary-token-of-the-other-one' }
  const moved = await setUp({ values: { endpoint: other.origin }, credentials, save_anyway: true })
  expect(moved.result.saved).toBe(true)
  release()
  await second
  await expect(outcome(first)).rejects.toThrow('set up by somebody else meanwhile')
  const { current } = await client.setup.get({ name: NAME })
  expect(current?.values).toMatchObject({ endpoint: other.origin })
})

it('gives new profiles no tool that does more than read, unless somebody says so', async () => {
  const { disabled_tools: blocked } = await client.profiles.create({ name: 'Left alone' })
  expect(blocked).toContain('status-page__set_component')
  expect(blocked).not.toContain('status-page__list_components')
  expect(await client.profiles.create({ name: 'Chosen', disabled_tools: [] })).toMatchObject({ disabled_tools: [] })
})

describe('what a setup refuses', () => {
  it('names every field at fault', async () => {
    const problems = await problemsOf(
      setUp({ values: { endpoint: 'not-a-url', limit: 99, port: 1 }, credentials: { password: 'x' } }),
    )
    expect(problems).toEqual({
      'values.port': 'There is no such field.',
      'credentials.password': 'There is no such field.',
      'values.endpoint': 'Enter a full URL, for example https://example.com/mcp.',
      'credentials.token': 'Token is missing.',
      'values.limit': 'Use at most 60.',
    })
    expect(await problemsOf(setUp({ way: 'sms' }))).toHaveProperty('way')
    expect(await problemsOf(setUp({ values: { endpoint: app.origin } }))).toHaveProperty(['values.endpoint'])
    expect(seen).toEqual([])
  })

  it('stores nothing when a check failed, unless it is wanted all the same', async () => {
    const refused = await setUp({ credentials: { token: 'another-token-0123456789' } })
    expect(refused.result).toMatchObject({
      ok: false,
      saved: false,
      integration: { connection: { state: 'needs_setup' } },
    })
    expect(refused.result.checks).toMatchObject([{ id: 'reach', state: 'failed', field: 'credentials.token' }])
    expect((await client.setup.get({ name: NAME })).current).toBeNull()
    const wanted = await setUp({ credentials: { token: 'another-token-0123456789' }, save_anyway: true })
    expect(wanted.result).toMatchObject({ ok: false, saved: true })
    expect(JSON.stringify([refused, wanted])).not.toContain('another-token')
  })

  it('says which field is at fault when nobody is there', async () => {
    const { result } = await setUp({ values: { endpoint: 'http://127.0.0.1:1' } })
    expect(result.checks).toMatchObject([{ state: 'failed', field: 'values.endpoint' }])
  })

  it('takes no stored secret to another server', async () => {
    await setUp()
    const other = await serveStatusPage()
    const problems = await problemsOf(setUp({ values: { endpoint: other.origin }, credentials: {} }))
    expect(problems).toEqual({
      'credentials.token': 'The stored secret belongs to another server. Enter the one for this server.',
    })
    expect(other.seen).toEqual([])
  })
})

describe('one that is set up', () => {
  it('is set up again with the stored secret, and keeps its filter', async () => {
    await setUp()
    await client.integrations.update({ name: NAME, disabled_tools: ['set_component'] })
    const { result } = await setUp({ values: { endpoint: origin, limit: 10 }, credentials: {} })
    expect(result).toMatchObject({
      saved: true,
      integration: { disabled_tools: ['set_component'], rest: { timeout_s: 10 } },
    })
    expect(await agentTools()).toEqual(['status-page__list_components'])
    expect((await outcome(await client.setup.verify({ name: NAME }))).result).toMatchObject({ ok: true, saved: true })
  })

  it('takes changes of its filter only, and can not be deleted', async () => {
    await setUp()
    const problems = await problemsOf(
      client.integrations.update({ name: NAME, display_name: 'Mine', description: 'x' }),
    )
    expect(Object.keys(problems)).toEqual(['display_name', 'description'])
    const { error } = await safe(client.integrations.remove({ name: NAME }))
    expect(error).toMatchObject({ code: 'system_integration' })
    const unset = await safe(client.integrations.remove({ name: 'slack' }))
    expect(unset.error).toMatchObject({ code: 'system_integration' })
  })

  it('is absent from the gateway while it is disabled', async () => {
    await setUp()
    await client.integrations.disable({ name: NAME })
    expect(await agentTools()).toEqual([])
    await client.integrations.enable({ name: NAME })
    expect(await agentTools()).toContain('status-page__list_components')
  })

  it('is forgotten with its secrets', async () => {
    const { result } = await setUp()
    await client.setup.forget({ name: NAME })
    const forgotten = await client.integrations.get({ name: NAME })
    expect(forgotten).toMatchObject({ rest: null, credentials: {}, connection: { state: 'needs_setup' } })
    expect(forgotten.revision).toBeGreaterThan(result.integration.revision)
    expect((await client.vault.get()).sealed_count).toBe(0)
    expect(await agentTools()).toEqual([])
    await client.setup.forget({ name: NAME })
  })

  it('is tested, restarted and told of like any other', async () => {
    await setUp()
    expect(await client.integrations.test({ name: NAME })).toMatchObject({ ok: true, tool_count: 2 })
    expect(await client.integrations.restart({ name: NAME })).toMatchObject({ name: NAME })
    expect((await client.integrations.output({ name: NAME })).items.map(({ text }) => text)).toContain(
      `Serves 2 tools of ${origin}.`,
    )
    const listed = (await client.integrations.list({})).items.filter(({ source }) => source === 'system')
    expect(listed.map(({ name }) => name)).toEqual(['pagerduty', 'prometheus', 'slack', NAME, 'webhooks'])
  })

  it('is there on any plan, and goes with its workspace', async () => {
    await client.workspaces.create({ name: 'small', plan: 'free' })
    const small = app.client('rpc', 'small')
    expect((await setUp({}, small)).result).toMatchObject({ saved: true })
    expect((await client.setup.get({ name: NAME })).current).toBeNull()
    await small.integrations.update({ name: NAME, disabled_tools: ['*'] })
    await client.workspaces.remove({ name: 'small' })
    expect((await client.vault.get()).sealed_count).toBe(0)
  })

  it('needs the vault, and says so', async () => {
    await setUp()
    await client.vault.lock()
    expect(await client.integrations.get({ name: NAME })).toMatchObject({ connection: { state: 'locked' } })
    const { error } = await safe(setUp({ credentials: {} }))
    expect(error).toMatchObject({ code: 'vault_locked' })
    await client.vault.unlock({})
    expect((await setUp({ credentials: {} })).result).toMatchObject({ saved: true })
  })

  it('is left out of exports', async () => {
    await setUp()
    const { document } = await client.transfer.export({})
    expect(document).not.toContain(TOKEN)
    expect(document).toContain('# System integrations are not in it: status-page')
  })
})
