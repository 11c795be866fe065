import { fileURLToPath } from 'node:url'
import { isDefinedError, safe } from '@orpc/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangeEvent } from '../../../src/shared/contract/events.ts'
import { doors, startTestApp, type Client, type TestApp } from '../../helpers/start-app.ts'

const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'))
const stdio = { transport: 'stdio' as const, command: process.execPath, args: [everything, 'stdio'] }
/** Nothing listens on the discard port: connecting fails at once, which is all that is needed of it here. */
const http = { transport: 'http' as const, server_url: 'http://127.0.0.1:9/mcp' }

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.close())

async function errorOf(promise: Promise<unknown>) {
  const { error } = await safe(promise)
  if (!isDefinedError(error)) throw new Error(`not an error of the contract: ${String(error)}`)
  return error as { code: string; status: number; message: string; data: { details: { path: string }[] } }
}

async function expectError(promise: Promise<unknown>, code: string, status: number, path?: string) {
  const error = await errorOf(promise)
  expect(error).toMatchObject({ code, status })
  expect(error.message).not.toBe('')
  if (path !== undefined) expect(error.data.details.map((detail) => detail.path)).toContain(path)
}

describe.each(doors)('the contract through the door "%s"', (door) => {
  let client: Client
  const name = `weather-${door}`
  beforeAll(() => {
    client = app.client(door)
  })

  it('says what is running', async () => {
    const status = await client.system.status()
    expect(status).toMatchObject({ workspace: 'default', mcp_url: app.urls.mcp_url, data_dir: app.dataDir })
    expect(status.vault).toEqual(await client.vault.get())
  })

  it('keeps an integration: create, get, change, list, delete', async () => {
    const created = await client.integrations.create({
      name,
      display_name: 'Weather',
      mcp: http,
      auth_type: 'bearer',
      credentials: { api_token: 'canary-token-1234abcd' },
    })
    expect(created).toMatchObject({
      name,
      source: 'custom',
      status: 'active',
      mcp: { ...http, headers: {}, era: 'auto', isolation: 'shared' },
    })
    expect(created.credentials).toEqual({ api_token: '••••abcd' })
    expect(await client.integrations.get({ name })).toMatchObject({ name, display_name: 'Weather' })

    const changed = await client.integrations.update({ name, description: 'Forecasts', disabled_tools: ['delete_*'] })
    expect(changed).toMatchObject({ display_name: 'Weather', description: 'Forecasts', disabled_tools: ['delete_*'] })
    expect(changed.credentials).toEqual({ api_token: '••••abcd' })

    const { items, next_cursor } = await client.integrations.list()
    expect(next_cursor).toBeNull()
    expect(items.map((item) => item.name)).toContain(name)
    expect(JSON.stringify(items)).not.toContain('canary-token')

    expect(await client.integrations.disable({ name })).toMatchObject({ status: 'disabled' })
    expect(await client.integrations.enable({ name })).toMatchObject({ status: 'active' })
    expect(await client.integrations.restart({ name })).toMatchObject({ name })
    await expectError(client.integrations.create({ name, mcp: http }), 'name_taken', 409)

    await client.integrations.remove({ name })
    await expectError(client.integrations.get({ name }), 'not_found', 404)
  })

  it.each([
    ['capitals', { name: 'Weather' }, 'name'],
    ['41 characters', { name: 'a'.repeat(41) }, 'name'],
    ['a reserved name', { name: 'gatehouse' }, 'name'],
    ["a system integration's name", { name: 'slack' }, 'name'],
    ['an address that is not http', { mcp: { ...http, server_url: 'file:///etc/passwd' } }, 'mcp.server_url'],
    ['a password in the address', { mcp: { ...http, server_url: 'https://me:secret@x.example' } }, 'mcp.server_url'],
    ['an empty command', { mcp: { ...stdio, command: '' } }, 'mcp.command'],
    ['a line break in a header', { mcp: { ...http, headers: { 'X-A': 'a\r\nX-Evil: 1' } } }, 'mcp.headers.X-A'],
    [
      'a token by both its names',
      { auth_type: 'bearer' as const, credentials: { api_token: 'a', token: 'b' } },
      'credentials.token',
    ],
    ['a field that does not exist', { server_url: 'https://x.example' }, 'server_url'],
  ])('refuses an integration with %s and stores nothing', async (_what, fields, path) => {
    const before = await client.integrations.list()
    await expectError(client.integrations.create({ name, mcp: http, ...fields }), 'invalid_input', 422, path)
    expect((await client.integrations.list()).items.length).toBe(before.items.length)
  })

  it('takes a token by its other name', async () => {
    const short = `token-${door}`
    const credentials = { token: 'canary-token-0123456789-wxyz' }
    const created = await client.integrations.create({ name: short, mcp: http, auth_type: 'bearer', credentials })
    expect(created.credentials).toEqual({ api_token: '••••wxyz' })
    const changed = await client.integrations.update({ name: short, credentials: { token: 'canary-token-new-lmno' } })
    expect(changed.credentials).toEqual({ api_token: '••••lmno' })
    await client.integrations.remove({ name: short })
  })

  it('keeps the system integrations', async () => {
    await expectError(client.integrations.remove({ name: 'slack' }), 'system_integration', 403)
    await expectError(client.integrations.enable({ name: 'slack' }), 'invalid_input', 422)
  })

  it('tests, lists and calls the tools of a real server', async () => {
    const server = `everything-${door}`
    await client.integrations.create({ name: server, mcp: stdio, disabled_tools: ['get-sum'] })
    const result = await client.integrations.test({ name: server })
    expect(result).toMatchObject({ ok: true, error: null })
    expect(result.steps.map(({ step, state }) => [step, state])).toEqual([
      ['resolve', 'ok'],
      ['connect', 'ok'],
      ['negotiate', 'ok'],
      ['list', 'ok'],
    ])

    await expect.poll(async () => (await client.integrations.get({ name: server })).connection.state).toBe('connected')
    const { items } = await client.tools.of_integration({ name: server })
    expect(items.find((tool) => tool.name === 'echo')).toMatchObject({
      gateway_name: `${server}__echo`,
      integration: server,
      state: 'allowed',
    })
    expect(items.find((tool) => tool.name === 'get-sum')).toMatchObject({ state: 'in_disabled_tools' })
    // Its filter can be edited while it is off.
    await client.integrations.disable({ name: server })
    expect((await client.tools.of_integration({ name: server })).items).toEqual(items)
    expect((await client.tools.list({ integration: server })).items).toEqual([])
    await client.integrations.enable({ name: server })

    const served = await client.tools.list({ integration: server })
    expect(served.items.map((tool) => tool.name)).toContain('echo')
    expect(served.items.map((tool) => tool.name)).not.toContain('get-sum')
    const found = await client.tools.list({ query: 'echo', integration: server })
    expect(found.items[0]?.name).toBe('echo')

    const answer = await client.tools.call({ name: `${server}__echo`, arguments: { message: 'ünïcode' } })
    expect(answer).toMatchObject({ content: [{ type: 'text', text: 'Echo: ünïcode' }] })
    await expectError(client.tools.call({ name: `${server}__get-sum`, arguments: { a: 1, b: 2 } }), 'not_found', 404)
    await expectError(client.tools.of_integration({ name: 'nothing' }), 'not_found', 404)
    await client.integrations.remove({ name: server })
  })

  it('shows an agent token once, and takes it away', async () => {
    const agent = await client.agents.create({ name: `claude ${door}` })
    expect(agent.token).toMatch(/^ghk_[\w-]{43}$/)
    const { items } = await client.agents.list()
    expect(items.find(({ id }) => id === agent.id)).toEqual({
      id: agent.id,
      name: agent.name,
      profile_id: null,
      discovery_mode: null,
      created_at: agent.created_at,
      last_seen_at: null,
    })
    await expectError(client.agents.create({ name: agent.name }), 'name_taken', 409)
    expect(await client.agents.update({ id: agent.id, name: `cursor ${door}` })).toMatchObject({
      name: `cursor ${door}`,
    })
    expect(await client.agents.update({ id: agent.id, discovery_mode: 'lazy' })).toMatchObject({
      name: `cursor ${door}`,
      discovery_mode: 'lazy',
    })
    expect((await client.agents.rotate({ id: agent.id })).token).not.toBe(agent.token)
    await client.agents.remove({ id: agent.id })
    await expectError(client.agents.rotate({ id: agent.id }), 'not_found', 404)
    await expectError(client.agents.create({ name: ' ' }), 'invalid_input', 422, 'name')
  })

  it('keeps profiles, gives them to agents, and deletes only those that no agent has', async () => {
    const profile = await client.profiles.create({ name: `readers ${door}`, integrations: ['weather'] })
    expect(profile).toMatchObject({ integrations: ['weather'], enabled_tools: [] })
    // What a system integration sends is off until somebody wants it.
    expect(profile.disabled_tools).toContain('slack__post_message')
    expect(profile.disabled_tools).not.toContain('slack__list_channels')
    await expectError(client.profiles.create({ name: profile.name }), 'name_taken', 409, 'name')
    const changed = await client.profiles.update({
      id: profile.id,
      integrations: null,
      disabled_tools: ['*__delete_*'],
    })
    expect(changed).toEqual({ ...profile, integrations: null, disabled_tools: ['*__delete_*'] })
    expect((await client.profiles.list()).items).toContainEqual(changed)

    const name = `profiled ${door}`
    await expectError(client.agents.create({ name, profile_id: 'none' }), 'invalid_input', 422, 'profile_id')
    const agent = await client.agents.create({ name, profile_id: profile.id })
    expect(agent.profile_id).toBe(profile.id)
    await expectError(client.profiles.remove({ id: profile.id }), 'in_use', 409)
    await client.agents.update({ id: agent.id, profile_id: null })
    await client.profiles.remove({ id: profile.id })
    await expectError(client.profiles.update({ id: profile.id }), 'not_found', 404)
    await client.agents.remove({ id: agent.id })
  })

  it('brings back what was deleted with time to undo it', async () => {
    const gone = `gone-${door}`
    const credentials = { api_token: 'canary-token-1234abcd' }
    const created = await client.integrations.create({ name: gone, mcp: http, auth_type: 'bearer', credentials })
    await client.integrations.remove({ name: gone, undo_s: 60 })
    await expectError(client.integrations.get({ name: gone }), 'not_found', 404)
    const restored = await client.integrations.restore({ name: gone })
    expect(restored).toEqual({ ...created, connection: restored.connection, revision: restored.revision })
    await client.integrations.remove({ name: gone })
    await expectError(client.integrations.restore({ name: gone }), 'not_found', 404)
    await expectError(client.integrations.remove({ name: gone, undo_s: 61 }), 'invalid_input', 422, 'undo_s')
  })

  it('keeps workspaces apart and holds them to their plan', async () => {
    const workspace = `team-${door}`
    expect(await client.workspaces.create({ name: workspace })).toMatchObject({ name: workspace, plan: 'free' })
    await expectError(client.workspaces.create({ name: workspace }), 'name_taken', 409)
    const there = app.client(door, workspace)
    await expectError(there.integrations.create({ name, mcp: http }), 'plan_required', 403)
    await client.workspaces.update({ name: workspace, plan: 'enterprise' })
    await there.integrations.create({ name, mcp: http })
    await expectError(client.integrations.get({ name }), 'not_found', 404)

    await client.workspaces.update({ name: workspace, plan: 'pro' })
    await expectError(there.integrations.remove({ name }), 'plan_required', 403)
    expect((await there.integrations.get({ name })).name).toBe(name)
    expect((await client.workspaces.list()).items.map((item) => item.name)).toContain(workspace)
    await expectError(app.client(door, 'nowhere').integrations.list(), 'not_found', 404)
    await expectError(client.workspaces.create({ name: 'Team One' }), 'invalid_input', 422, 'name')

    await expectError(client.workspaces.remove({ name: workspace }), 'in_use', 409)
    await expectError(client.workspaces.remove({ name: 'default' }), 'in_use', 409)
    await client.workspaces.update({ name: workspace, plan: 'enterprise' })
    await there.integrations.remove({ name, undo_s: 60 })
    await there.profiles.create({ name: 'Readers' })
    await client.workspaces.remove({ name: workspace })
    await expectError(there.integrations.list(), 'not_found', 404)
    // A new one of the same name has nothing of the old one.
    await client.workspaces.create({ name: workspace, plan: 'enterprise' })
    expect((await there.profiles.list()).items).toEqual([])
    await expectError(there.integrations.restore({ name }), 'not_found', 404)
    await client.workspaces.remove({ name: workspace })
  })

  it('makes fresh console addresses', async () => {
    const first = await client.console.create_url()
    const second = await client.console.create_url()
    expect(first.console_url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]{43}$/)
    expect(second.console_url).not.toBe(first.console_url)
  })
})

describe.each(['router', 'port', 'rpc'] as const)('streams through the door "%s"', (door) => {
  it('tells of changes, in the workspace alone, until its reader leaves', async () => {
    const client = app.client(door)
    const abort = new AbortController()
    const stream = await client.system.stream(undefined, { signal: abort.signal })
    const name = `watched-${door}`
    const until = async (type: ChangeEvent['type']) => {
      for (;;) {
        const { value, done } = await stream.next()
        if (done || value.type === type) return value
      }
    }
    await client.integrations.create({ name, mcp: http })
    expect(await until('integration_changed')).toMatchObject({ integration: { name } })
    await client.integrations.remove({ name })
    expect(await until('integration_removed')).toEqual({ type: 'integration_removed', name })
    abort.abort()
  })

  it('tests a draft step by step and stores nothing', async () => {
    const client = app.client(door)
    const stream = await client.integrations.test_draft({ mcp: stdio })
    const steps: string[] = []
    let next = await stream.next()
    while (!next.done) {
      if (next.value.state === 'ok') steps.push(next.value.step)
      next = await stream.next()
    }
    expect(steps).toEqual(['resolve', 'connect', 'negotiate', 'list'])
    expect(next.value).toMatchObject({ ok: true, tool_count: 17 })
    expect((await client.integrations.list()).items.some((item) => item.source === 'custom')).toBe(false)
  })

  it('says at which step a draft fails, in the words of what failed', async () => {
    const stream = await app.client(door).integrations.test_draft({ mcp: { ...stdio, command: '/nowhere/at-all' } })
    let next = await stream.next()
    while (!next.done) next = await stream.next()
    expect(next.value).toMatchObject({ ok: false, error: { field: 'mcp.command' } })
    expect(next.value.message).toContain('/nowhere/at-all')
  })
})
