import { beforeEach, describe, expect, it } from 'vitest'
import { parseItemList } from '../../../src/main/upstream/item-list.ts'
import { emptyOffer } from '../../../src/main/upstream/offer.ts'
import { parseToolList } from '../../../src/main/upstream/tool-list.ts'
import { Integration } from '../../../src/shared/contract/integrations.ts'
import { freshProfile, httpInput, start, stdioInput, type Profile, type Started } from './service-fixture.ts'

const TOKEN = 'token-of-github-1234'
let profile: Profile
let app: Started

beforeEach(async () => {
  profile = freshProfile()
  app = await start(profile)
})

async function again(): Promise<void> {
  await app.stop()
  app = await start(profile)
}

const github = (fields: Record<string, unknown> = {}) => httpInput({ name: 'github', ...fields })
const withToken = { auth_type: 'bearer', credentials: { api_token: TOKEN } }
const custom = (workspace = 'default') => app.integrations.list(workspace).filter(({ source }) => source === 'custom')

describe('system integrations', () => {
  it('are in every workspace, need setup, and fit the contract', () => {
    const list = app.integrations.list('default')
    expect(list.map(({ name }) => name)).toEqual(['pagerduty', 'prometheus', 'slack', 'webhooks'])
    for (const integration of list) {
      expect(Integration.parse(integration)).toMatchObject({ source: 'system', status: 'disabled', mcp: null })
      expect(integration.connection.state).toBe('needs_setup')
    }
    expect(app.integrations.get('default', 'slack').display_name).toBe('Slack')
  })

  it('can be neither deleted nor enabled nor changed before they are set up', async () => {
    await expect(app.integrations.remove('default', 'slack')).rejects.toMatchObject({ code: 'system_integration' })
    const notSetUp = { code: 'invalid_input', message: 'Slack is not set up yet.' }
    await expect(app.integrations.enable('default', 'slack')).rejects.toMatchObject(notSetUp)
    await expect(app.integrations.update('default', 'slack', { description: 'x' })).rejects.toMatchObject(notSetUp)
    await expect(app.integrations.trials.test('default', 'slack')).rejects.toMatchObject(notSetUp)
    expect(() => app.integrations.restart('default', 'slack')).toThrow('Slack is not set up yet.')
  })
})

describe('names', () => {
  it.each(['gatehouse', 'new', 'import', 'slack', 'webhooks'])('%s is reserved', async (name) => {
    await expect(app.integrations.create('default', httpInput({ name }))).rejects.toMatchObject({
      code: 'invalid_input',
      details: [{ path: 'name', message: `${name} is reserved. Choose another name.` }],
    })
  })

  it('are unique in a workspace, also for two that come at once, and free in another', async () => {
    const both = await Promise.allSettled([
      app.integrations.create('default', github()),
      app.integrations.create('default', github()),
    ])
    expect(both.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    await expect(app.integrations.create('default', github())).rejects.toMatchObject({
      code: 'name_taken',
      message: 'github is already used in this workspace.',
      details: [{ path: 'name', message: 'github is already used in this workspace.' }],
    })
    expect(custom()).toHaveLength(1)
    await app.workspaces.create({ name: 'team', plan: 'enterprise' })
    await app.integrations.create('team', github())
  })

  it('that nobody has are not found', async () => {
    expect(() => app.integrations.get('default', 'nothing')).toThrow(/There is no integration named nothing/)
    await expect(app.integrations.update('default', 'nothing', {})).rejects.toMatchObject({ code: 'not_found' })
    expect(() => app.integrations.list('nowhere')).toThrow('There is no workspace named nowhere.')
  })
})

describe('a workspace without the enterprise plan', () => {
  it('reads and keeps serving, and every write to a custom integration is refused', async () => {
    await app.integrations.create('default', github())
    await app.workspaces.update({ name: 'default', plan: 'pro' })
    const refused = { code: 'plan_required' }
    const { integrations } = app
    await expect(integrations.create('default', httpInput())).rejects.toMatchObject(refused)
    await expect(integrations.update('default', 'github', { description: 'x' })).rejects.toMatchObject(refused)
    await expect(integrations.remove('default', 'github')).rejects.toMatchObject(refused)
    await expect(integrations.enable('default', 'github')).rejects.toMatchObject(refused)
    await expect(integrations.disable('default', 'github')).rejects.toMatchObject(refused)
    expect(() => integrations.trials.testDraft('default', github())).toThrow(/Enterprise plan/)

    expect(integrations.get('default', 'github').status).toBe('active')
    expect(integrations.served('default')).toHaveLength(1)
    integrations.restart('default', 'github')
    expect((await integrations.trials.test('default', 'github')).ok).toBe(true)
  })
})

it('keeps workspaces apart', async () => {
  await app.workspaces.create({ name: 'team', plan: 'enterprise' })
  await app.integrations.create('default', github())
  expect(custom('team')).toEqual([])
  expect(app.integrations.served('team')).toEqual([])
  await expect(app.integrations.remove('team', 'github')).rejects.toMatchObject({ code: 'not_found' })
})

describe('a new integration', () => {
  it('is stored, connected, served and told, and fits the contract', async () => {
    const events = app.emitter.subscribe('default', new AbortController().signal)
    const created = await app.integrations.create('default', github({ display_name: 'GitHub', ...withToken }))
    expect(Integration.parse(created)).toEqual(created)
    expect(created.credentials).toEqual({ api_token: '••••1234' })
    expect(created.connection.state).toBe('connected')
    expect((await events.next()).value).toMatchObject({ type: 'vault_changed' })
    expect((await events.next()).value).toEqual({ type: 'integration_changed', integration: created })
    expect(app.pool.of('github').secrets).toEqual({ headers: { Authorization: `Bearer ${TOKEN}` }, env: {} })
    expect(app.integrations.served('default')).toMatchObject([{ slug: 'github', displayName: 'GitHub' }])
    expect(app.invalidated).toContain('default')
    await again()
    expect(app.integrations.get('default', 'github')).toEqual({ ...created, revision: 0 })
    expect(app.pool.of('github').secrets?.headers).toEqual({ Authorization: `Bearer ${TOKEN}` })
  })

  it('is not stored at all when its secrets can not be', async () => {
    profile.keychain.broken = true
    await again()
    await expect(app.integrations.create('default', github(withToken))).rejects.toMatchObject({ code: 'vault_locked' })
    expect(custom()).toEqual([])
    await app.integrations.create('default', github())
    expect(app.pool.started).toHaveLength(1)
  })
})

describe('a change', () => {
  it('of metadata and filters applies at once and leaves the connection alone', async () => {
    await app.integrations.create('default', github(withToken))
    const changed = await app.integrations.update('default', 'github', {
      display_name: 'Hub',
      enabled_tools: ['get_*'],
      disabled_tools: ['get_secret'],
    })
    expect(changed).toMatchObject({
      display_name: 'Hub',
      enabled_tools: ['get_*'],
      credentials: { api_token: '••••1234' },
    })
    expect(app.integrations.served('default')).toMatchObject([{ disabledTools: ['get_secret'] }])
    expect(app.pool.started).toHaveLength(1)
    expect(app.pool.of('github').closed).toBe(false)
  })

  it('of connection settings replaces them as a whole, keeps secrets, and connects anew', async () => {
    const mcp = {
      transport: 'http',
      server_url: 'https://mcp.example.com/mcp',
      era: 'auto',
      isolation: 'shared',
    } as const
    await app.integrations.create('default', github({ ...withToken, mcp: { ...mcp, headers: { 'X-Old': '1' } } }))
    await app.integrations.update('default', 'github', {
      mcp: { ...mcp, headers: { 'X-New': '2' } },
      auth_header_prefix: 'Token',
    })
    expect(app.integrations.get('default', 'github').mcp).toEqual({ ...mcp, headers: { 'X-New': '2' } })
    expect(app.pool.started).toHaveLength(2)
    expect(app.pool.of('github').secrets?.headers).toEqual({ Authorization: `Token ${TOKEN}` })
  })

  it('of credentials replaces the whole set', async () => {
    const credentials = { api_token: TOKEN, headers: { 'X-Tenant': 'tenant-one-of-many' } }
    await app.integrations.create('default', github({ auth_type: 'bearer', credentials }))
    const changed = await app.integrations.update('default', 'github', {
      credentials: { api_token: 'another-token-9876' },
    })
    expect(changed.credentials).toEqual({ api_token: '••••9876' })
    expect(app.pool.of('github').secrets?.headers).toEqual({ Authorization: 'Bearer another-token-9876' })
    expect((await app.vault.state()).sealed_count).toBe(1)
    expect((await app.integrations.update('default', 'github', { credentials: {} })).credentials).toEqual({})
    expect(app.pool.of('github').secrets?.headers).toEqual({})
  })

  it('that does not fit leaves everything as it was', async () => {
    const before = await app.integrations.create('default', github(withToken))
    const changes = { display_name: 'New', credentials: { api_key: 'a-key' } }
    await expect(app.integrations.update('default', 'github', changes)).rejects.toMatchObject({
      code: 'invalid_input',
      details: [{ path: 'credentials.api_key' }],
    })
    expect(app.integrations.get('default', 'github')).toEqual(before)
    await again()
    expect(app.integrations.get('default', 'github')).toEqual({ ...before, revision: 0 })
  })

  it('does not lose one that comes at the same time', async () => {
    await app.integrations.create('default', github())
    await Promise.all([
      app.integrations.update('default', 'github', { display_name: 'Hub' }),
      app.integrations.update('default', 'github', { description: 'Code' }),
    ])
    expect(app.integrations.get('default', 'github')).toMatchObject({ display_name: 'Hub', description: 'Code' })
  })
})

describe('status', () => {
  it('disabled takes it out of the gateway and ends the connection; enabled brings it back', async () => {
    await app.integrations.create('default', github())
    const first = app.pool.of('github')
    const disabled = await app.integrations.disable('default', 'github')
    expect(disabled).toMatchObject({ status: 'disabled', connection: { state: 'disabled', error: null } })
    expect(first.closed).toBe(true)
    expect(app.integrations.served('default')).toEqual([])
    expect(() => app.integrations.restart('default', 'github')).toThrow('github is disabled. Enable it first.')
    await again()
    expect(app.pool.started).toEqual([])
    expect(await app.integrations.enable('default', 'github')).toMatchObject({ status: 'active' })
    expect(app.integrations.served('default')).toHaveLength(1)
  })

  it('set to what it is changes nothing', async () => {
    const created = await app.integrations.create('default', github())
    expect(await app.integrations.enable('default', 'github')).toEqual(created)
    expect(app.pool.started).toHaveLength(1)
  })
})

describe('on demand', () => {
  const stateOf = (name: string) => app.integrations.get('default', name).connection.state

  beforeEach(async () => {
    await app.integrations.create('default', github(withToken))
    await app.integrations.create('default', stdioInput({ name: 'files' }))
    await app.stop()
    app = await start(profile, 'on_demand')
  })

  it('what is active is served and rests; what is enabled or made anew is connected', async () => {
    expect(app.integrations.served('default').map(({ slug }) => slug)).toEqual(['files', 'github'])
    expect([stateOf('files'), stateOf('github')]).toEqual(['connecting', 'connecting'])
    await app.integrations.enable('default', 'files')
    expect([stateOf('files'), stateOf('github')]).toEqual(['connected', 'connecting'])
    app.integrations.restart('default', 'github')
    expect(stateOf('github')).toBe('connected')
    await app.integrations.create('default', httpInput({ name: 'new-one' }))
    expect(stateOf('new-one')).toBe('connected')
    await app.integrations.disable('default', 'files')
    await app.integrations.enable('default', 'files')
    expect(stateOf('files')).toBe('connected')
  })

  it('a vault that opens wakes nothing', async () => {
    await app.stop()
    profile.keychain.broken = true
    app = await start(profile, 'on_demand')
    profile.keychain.broken = false
    await app.vault.unlock()
    expect(stateOf('github')).toBe('connecting')
  })
})

it('deletes an integration with its secrets and its connection', async () => {
  await app.integrations.create('default', github(withToken))
  const events = app.emitter.subscribe('default', new AbortController().signal)
  await app.integrations.remove('default', 'github')
  expect((await events.next()).value).toEqual({ type: 'integration_removed', name: 'github' })
  expect(app.pool.of('github').closed).toBe(true)
  expect(custom()).toEqual([])
  expect((await app.vault.state()).sealed_count).toBe(0)
  await app.integrations.create('default', github())
})

describe('tools', () => {
  const list = parseToolList('[{"name":"get_issue","inputSchema":{"type":"object"}}]')

  it('that were known last are there after a restart, before anything is connected', async () => {
    await app.integrations.create('default', github())
    const events = app.emitter.subscribe('default', new AbortController().signal)
    const upstream = app.pool.of('github')
    upstream.tools = list
    app.integrations.offerChanged(upstream, ['tools'])
    expect((await events.next()).value).toEqual({ type: 'tools_changed', integration: 'github' })
    await again()
    expect(app.pool.of('github').spec.lastKnown.tools.text).toBe(list.text)
  })

  it('that are known let a process rest after a restart, and nothing else', async () => {
    const inputs = [github(), stdioInput({ name: 'known' }), stdioInput({ name: 'unknown' })]
    for (const input of inputs) await app.integrations.create('default', input)
    for (const name of ['github', 'known']) {
      app.pool.of(name).tools = list
      app.integrations.offerChanged(app.pool.of(name), ['tools'])
    }
    expect(app.pool.of('known').spec.restMs).toBe(0)
    await again()
    const rests = ['github', 'known', 'unknown'].map((name) => [name, (app.pool.of(name).spec.restMs ?? 0) > 0])
    expect(Object.fromEntries(rests)).toEqual({ github: false, known: true, unknown: false })
  })

  it('are kept with everything else that the server offers', async () => {
    await app.integrations.create('default', github())
    const upstream = app.pool.of('github')
    const offer = {
      capabilities: { prompts: { listChanged: true }, 'x-other': [1] },
      instructions: 'Ask first.',
      tools: list,
      prompts: parseItemList('prompts', '[{"name":"p"}]'),
      resources: parseItemList('resources', '[{"uri":"a://b","name":"b"}]'),
      templates: parseItemList('templates', '[{"uriTemplate":"a://{x}","name":"x"}]'),
    }
    upstream.offer = offer
    app.integrations.offerChanged(upstream, ['tools', 'prompts', 'resources', 'templates'])
    await again()
    expect(app.pool.of('github').spec.lastKnown).toEqual(offer)

    const changed = app.pool.of('github')
    const events = app.emitter.subscribe('default', new AbortController().signal)
    changed.offer = { ...changed.offer, instructions: null, prompts: emptyOffer.prompts }
    app.invalidated.length = 0
    app.integrations.offerChanged(changed, ['prompts'])
    // Agents see something else; the list of tools is the same.
    expect(app.invalidated).toEqual(['default'])
    expect((await events.next()).value).toMatchObject({ type: 'integration_changed' })
    await again()
    expect(app.pool.of('github').spec.lastKnown).toEqual({ ...offer, instructions: null, prompts: emptyOffer.prompts })
  })

  it('are told with the filter of a disabled integration too', async () => {
    await app.integrations.create('default', github({ disabled_tools: ['get_*'] }))
    const upstream = app.pool.of('github')
    upstream.tools = list
    app.integrations.offerChanged(upstream, ['tools'])
    await app.integrations.disable('default', 'github')
    await again()
    const known = { slug: 'github', enabledTools: [], disabledTools: ['get_*'], tools: list }
    expect(app.integrations.filteredTools('default', 'github')).toMatchObject(known)
    expect(app.integrations.filteredTools('default', 'slack').tools.tools).toEqual([])
    expect(() => app.integrations.filteredTools('default', 'nothing')).toThrow(/no integration named nothing/)
  })

  it('that are new and wait for approval are stored once, not at every start', async () => {
    await app.integrations.create('default', github())
    const upstream = app.pool.of('github')
    const added = '{"name":"send","inputSchema":{"type":"object"}}'
    for (const tools of [list, parseToolList(list.text.replace(']', `,${added}]`))]) {
      upstream.tools = tools
      app.integrations.offerChanged(upstream, ['tools'])
    }
    const stored = () => app.database.kysely.selectFrom('tool_pins').selectAll().orderBy('name').execute()
    await again()
    const before = await stored()
    expect(before.map(({ name, is_new }) => [name, is_new])).toEqual([
      ['get_issue', 0],
      ['send', 1],
    ])
    expect(app.integrations.get('default', 'github').unapproved_tools).toBe(1)
    await again()
    expect(await stored()).toEqual(before)
  })

  it('of another server are forgotten', async () => {
    await app.integrations.create('default', github())
    const upstream = app.pool.of('github')
    upstream.tools = list
    app.integrations.offerChanged(upstream, ['tools'])
    const mcp = {
      transport: 'http',
      server_url: 'https://other.example.com/mcp',
      headers: {},
      era: 'auto',
      isolation: 'shared',
    } as const
    await app.integrations.update('default', 'github', { mcp })
    expect(app.pool.of('github').spec.lastKnown.tools.text).toBe('[]')
    // A late word of the connection that was replaced is not believed.
    app.integrations.offerChanged(upstream, ['tools'])
    await again()
    expect(app.pool.of('github').spec.lastKnown.tools.text).toBe('[]')
  })
})

describe('with the vault locked', () => {
  beforeEach(async () => {
    await app.integrations.create('default', github(withToken))
    await app.integrations.create('default', stdioInput({ name: 'files' }))
    profile.keychain.broken = true
    await again()
  })

  it('what needs a secret is locked, the rest is connected, and nothing is shown of secrets', () => {
    expect(app.integrations.get('default', 'github')).toMatchObject({
      credentials: { api_token: '••••' },
      connection: { state: 'locked', error: { code: 'vault_locked' } },
    })
    expect(app.integrations.get('default', 'files').connection.state).toBe('connected')
  })

  it('metadata can change, secrets can not', async () => {
    await app.integrations.update('default', 'github', { description: 'Code' })
    const change = app.integrations.update('default', 'github', { credentials: { api_token: 'new-token-1234' } })
    await expect(change).rejects.toMatchObject({ code: 'vault_locked' })
    await expect(app.integrations.trials.test('default', 'github')).rejects.toMatchObject({ code: 'vault_locked' })
  })

  it('unlocking connects what waited', async () => {
    profile.keychain.broken = false
    await app.vault.unlock()
    expect(app.pool.of('github').restarts).toBe(1)
    expect(app.pool.of('files').restarts).toBe(0)
    expect(app.integrations.get('default', 'github')).toMatchObject({
      credentials: { api_token: '••••1234' },
      connection: { state: 'connected' },
    })
  })
})

it('with one secret changed outside, only that integration suffers', async () => {
  await app.integrations.create('default', github(withToken))
  await app.integrations.create('default', httpInput({ name: 'other', ...withToken }))
  const github1 = await app.database.kysely
    .selectFrom('integrations')
    .select('id')
    .where('name', '=', 'github')
    .executeTakeFirstOrThrow()
  await app.database.kysely
    .updateTable('secrets')
    .set({ ciphertext: Buffer.alloc(40) })
    .where('integration_id', '=', github1.id)
    .execute()
  await again()
  expect(app.integrations.get('default', 'github').credentials).toEqual({ api_token: '••••' })
  expect(app.integrations.get('default', 'github').connection.state).toBe('error')
  expect(app.integrations.get('default', 'other').connection.state).toBe('connected')
})
