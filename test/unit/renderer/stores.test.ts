import { ORPCError } from '@orpc/client'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Client } from '../../../src/renderer/client.ts'
import { withDeadlines } from '../../../src/renderer/client.ts'
import { SignedOutError } from '../../../src/renderer/host/host.ts'
import { problemOf } from '../../../src/renderer/stores/problem.ts'
import { createStores, switchWorkspace } from '../../../src/renderer/stores/stores.ts'
import { applyChange, keepInSync } from '../../../src/renderer/stores/sync.ts'
import type { ChangeEvent } from '../../../src/shared/contract/events.ts'
import { connection, integration } from './integration-fixture.ts'

const agent = {
  id: '1',
  name: 'cursor',
  profile_id: null,
  discovery_mode: null,
  created_at: '2026-11-24T10:00:00.000Z',
  last_seen_at: null,
}
const profile = {
  id: 'p',
  name: 'Readers',
  integrations: null,
  enabled_tools: [],
  disabled_tools: [],
  on_definition_change: 'hold',
  unapproved_tools: 0,
  created_at: agent.created_at,
}
const settings = {
  port: 7420,
  discovery_mode: 'full',
  merge_instructions: true,
  record_bodies: false,
  call_retention_days: 30,
  max_message_mib: 10,
  agent_concurrency: 1_024,
  agent_calls_per_minute: null,
  start_at_login: null,
  keep_in_tray: null,
} as const
const workspace = (name: string, plan: 'free' | 'pro' | 'enterprise' = 'pro') => ({
  name,
  plan,
  created_at: agent.created_at,
})
const status = {
  version: '1',
  workspace: 'default',
  mcp_url: 'http://127.0.0.1:1/mcp',
  api_url: 'http://127.0.0.1:1/api/v1',
  data_dir: '/d',
  dropped_calls: 0,
  vault: { state: 'ready', backend: 'key', reason: null, sealed_count: 0 },
} as const

const counted = <Counts>(counts: Counts) => Promise.resolve({ items: [], next_cursor: null, total: 0, counts })

/** A core of twenty lines: lists that a test sets, and a stream that it feeds. */
function fakeCore() {
  const core = {
    integrations: [integration('one')],
    workspaces: [workspace('default')],
    loads: 0,
    streams: [] as ((event: ChangeEvent | Error) => void)[],
  }
  const client = {
    system: {
      status: () => Promise.resolve(status),
      stream: () => {
        const events: (ChangeEvent | Error)[] = []
        let wake = (): void => undefined
        core.streams.push((event) => {
          events.push(event)
          wake()
        })
        return Promise.resolve(
          (async function* () {
            for (;;) {
              const event = events.shift()
              if (event instanceof Error) throw event
              if (event) yield event
              else await new Promise<void>((resolve) => (wake = resolve))
            }
          })(),
        )
      },
    },
    integrations: {
      list: () => {
        core.loads += 1
        return Promise.resolve({ items: core.integrations, next_cursor: null })
      },
    },
    agents: { list: () => Promise.resolve({ items: [agent], next_cursor: null }) },
    profiles: { list: () => Promise.resolve({ items: [profile], next_cursor: null }) },
    settings: { get: () => Promise.resolve({ ...settings, port: 7421 }) },
    workspaces: { list: () => Promise.resolve({ items: core.workspaces, next_cursor: null }) },
    incidents: { list: () => counted({ open: 2, acknowledged: 1, resolved: 0 }) },
    deliveries: { list: () => counted({ waiting: 0, retrying: 0, failed: 3 }) },
    channels: { list: () => Promise.resolve({ items: [], next_cursor: null }) },
    rules: { list: () => Promise.resolve({ items: [], next_cursor: null }) },
  } as unknown as Client
  return { core, client }
}

afterEach(() => localStorage.clear())

it('an answer that comes after a newer event changes nothing', () => {
  const { integrations } = createStores(localStorage)
  const older = integration('hub', { revision: 3, connection: connection('connecting') })
  const newer = integration('hub', { revision: 4, connection: connection('needs_auth') })
  integrations.getState().put(newer)
  integrations.getState().put(older)
  expect(integrations.getState().byName.hub).toBe(newer)
  const answer = { ...newer, description: 'as it was saved' }
  integrations.getState().put(answer)
  expect(integrations.getState().byName.hub).toBe(answer)
})

describe('events', () => {
  it('patch what they are about and nothing else', () => {
    const stores = createStores(localStorage)
    const { integrations, agents, tools, system } = stores
    integrations.getState().replaceAll([integration('one'), integration('two')])
    const two = integrations.getState().byName.two
    applyChange(stores, { type: 'integration_changed', integration: integration('one', { category: 'Code' }) })
    expect(integrations.getState().byName.one?.category).toBe('Code')
    expect(integrations.getState().byName.two).toBe(two)

    tools.getState().put('one', [])
    applyChange(stores, { type: 'tools_changed', integration: 'one' })
    expect(tools.getState().revisions.one).toBe(1)
    applyChange(stores, { type: 'integration_removed', name: 'one' })
    expect(Object.keys(integrations.getState().byName)).toEqual(['two'])
    expect(tools.getState().byIntegration).toEqual({})

    applyChange(stores, { type: 'agent_changed', agent })
    applyChange(stores, { type: 'agent_removed', id: 'unknown' })
    expect(Object.keys(agents.getState().byId)).toEqual(['1'])

    system.getState().setStatus(status)
    applyChange(stores, { type: 'vault_changed', vault: { ...status.vault, state: 'locked' } })
    expect(system.getState().vault?.state).toBe('locked')

    applyChange(stores, { type: 'profile_changed', profile })
    expect(stores.profiles.getState().byId.p?.name).toBe('Readers')
    applyChange(stores, { type: 'profile_removed', id: 'p' })
    expect(stores.profiles.getState().byId).toEqual({})
    applyChange(stores, { type: 'settings_changed', settings })
    expect(system.getState().settings?.port).toBe(7420)
    applyChange(stores, { type: 'workspace_changed', workspace: workspace('other', 'free') })
    expect(stores.workspaces.getState()).toMatchObject({ current: 'default', byName: { other: { plan: 'free' } } })
  })

  it('tell when the tools that the gateway serves are others, and do not when only the connection changed', () => {
    const stores = createStores(localStorage)
    const revision = () => stores.servedTools.getState().revision
    stores.integrations.getState().put(integration('one'))
    const changed = (changes: Parameters<typeof integration>[1]): number => {
      const before = revision()
      applyChange(stores, { type: 'integration_changed', integration: integration('one', changes) })
      return revision() - before
    }
    expect(changed({ connection: connection('error'), description: 'new' })).toBe(0)
    expect(changed({ disabled_tools: ['delete_*'] })).toBe(1)
    expect(changed({ disabled_tools: ['delete_*'] })).toBe(0)
    expect(changed({ status: 'disabled' })).toBe(1)
    const before = revision()
    applyChange(stores, { type: 'tools_changed', integration: 'one' })
    applyChange(stores, { type: 'integration_removed', name: 'one' })
    expect(revision() - before).toBe(2)
  })

  it('never put a token into a store', () => {
    const { agents } = createStores(localStorage)
    agents.getState().put({ ...agent, token: 'ghk_secret' } as typeof agent)
    expect(JSON.stringify(agents.getState().byId)).not.toContain('ghk_')
  })
})

describe('staying in step with the core', () => {
  it('loads, patches, loads again on resync, and comes back after a loss', async () => {
    const { core, client } = fakeCore()
    const stores = createStores(localStorage)
    const ended = new AbortController()
    void keepInSync(client, stores, ended.signal)
    await vi.waitFor(() => expect(stores.system.getState()).toMatchObject({ link: 'online', settings: null }))
    expect(stores.workspaces.getState().byName.default?.plan).toBe('pro')

    core.streams[0]?.({ type: 'integration_removed', name: 'one' })
    await vi.waitFor(() => expect(stores.integrations.getState().byName).toEqual({}))

    // Settings that a screen holds are loaded again with the rest.
    stores.system.getState().setSettings(settings)
    core.integrations = [integration('new')]
    core.streams[0]?.({ type: 'resync' })
    await vi.waitFor(() => expect(Object.keys(stores.integrations.getState().byName)).toEqual(['new']))
    expect(stores.system.getState().settings?.port).toBe(7421)

    const links: string[] = []
    stores.system.subscribe(({ link }, before) => link !== before.link && links.push(link))
    core.streams[0]?.(new TypeError('network error'))
    await vi.waitFor(() => expect(links).toEqual(['reconnecting', 'online']))
    expect(core.streams).toHaveLength(2)
    ended.abort()
  })

  it('tries again at once when somebody asks for it', async () => {
    const { client } = fakeCore()
    const stores = createStores(localStorage)
    const ended = new AbortController()
    const answer = client.system.status
    const status = vi.fn(() => Promise.reject(new TypeError('network error')))
    client.system.status = status
    // Every pause is longer than the test.
    vi.useFakeTimers()
    try {
      void keepInSync(client, stores, ended.signal)
      await vi.waitUntil(() => status.mock.calls.length === 1 && stores.system.getState().link === 'reconnecting')
      stores.system.getState().retry()
      await vi.waitUntil(() => status.mock.calls.length === 2)
      client.system.status = answer
      await vi.waitUntil(() => {
        stores.system.getState().retry()
        return stores.system.getState().link === 'online'
      })
    } finally {
      vi.useRealTimers()
      ended.abort()
    }
  })

  it('stops where only a fresh link helps', async () => {
    const { client } = fakeCore()
    const stores = createStores(localStorage)
    client.system.status = () => Promise.reject(new SignedOutError('The session has ended.'))
    await keepInSync(client, stores, new AbortController().signal)
    expect(stores.system.getState()).toMatchObject({
      link: 'signed_out',
      problem: { message: 'The session has ended.' },
    })
  })
})

describe('workspaces', () => {
  it('switch with everything that belongs to them, and the choice is remembered', () => {
    const stores = createStores(localStorage)
    stores.integrations.getState().put(integration('one'))
    stores.agents.getState().put(agent)
    stores.profiles.getState().put(profile)
    stores.tools.getState().put('one', [])
    stores.system.getState().setStatus(status)
    switchWorkspace(stores, 'staging')
    expect(stores.integrations.getState().byName).toEqual({})
    expect(stores.agents.getState().byId).toEqual({})
    expect(stores.profiles.getState().byId).toEqual({})
    expect(stores.tools.getState().byIntegration).toEqual({})
    expect(stores.system.getState()).toMatchObject({ status: null, link: 'connecting' })
    expect(createStores(localStorage).workspaces.getState().current).toBe('staging')
  })

  it('that end under the console, or while it was away, give way to the default one', async () => {
    const stores = createStores(localStorage)
    switchWorkspace(stores, 'staging')
    applyChange(stores, { type: 'workspace_removed', name: 'staging' })
    expect(stores.workspaces.getState().current).toBe('default')

    switchWorkspace(stores, 'gone')
    const { client } = fakeCore()
    client.system.status = () => Promise.reject(new ORPCError('not_found', { message: 'There is no workspace gone.' }))
    await keepInSync(client, stores, new AbortController().signal)
    expect(stores.workspaces.getState().current).toBe('default')
  })

  it('never mix: what still comes for the one before changes nothing', async () => {
    const { core, client } = fakeCore()
    const stores = createStores(localStorage)
    const left = keepInSync(client, stores, new AbortController().signal)
    await vi.waitFor(() => expect(stores.system.getState().link).toBe('online'))
    switchWorkspace(stores, 'staging')
    core.streams[0]?.({ type: 'integration_changed', integration: integration('late') })
    await left
    expect(stores.integrations.getState().byName).toEqual({})
  })
})

describe('calls', () => {
  it('end by their limit when nothing answers', async () => {
    vi.useFakeTimers()
    try {
      const link = withDeadlines({ call: () => new Promise(() => undefined) })
      const call = link.call(['agents', 'list'], undefined, { context: {} }).catch((cause: unknown) => problemOf(cause))
      await vi.advanceTimersByTimeAsync(15_000)
      expect(await call).toMatchObject({ code: 'unreachable', message: 'The gateway did not answer in 15 s.' })
    } finally {
      vi.useRealTimers()
    }
  })

  it('that fail keep the words and the fields of the core', () => {
    const details = [{ path: 'name', message: 'taken' }]
    const cause = new ORPCError('name_taken', { defined: true, message: 'This name is used.', data: { details } })
    expect(problemOf(cause)).toEqual({ code: 'name_taken', message: 'This name is used.', details })
  })
})

it('remembers how the console looks, and survives what it cannot read', () => {
  createStores(localStorage).preferences.getState().setTheme('dark')
  expect(createStores(localStorage).preferences.getState().theme).toBe('dark')
  localStorage.setItem('gatehouse.preferences', '{broken')
  expect(createStores(localStorage).preferences.getState().theme).toBe('system')
})
