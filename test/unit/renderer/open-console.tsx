import { cleanup, render } from '@testing-library/react'
import { vi } from 'vitest'
import { App } from '../../../src/renderer/app.tsx'
import type { Client } from '../../../src/renderer/client.ts'
import { Commands } from '../../../src/renderer/commands.ts'
import { createConsoleRouter } from '../../../src/renderer/router.tsx'
import { createStores } from '../../../src/renderer/stores/stores.ts'
import type { Agent } from '../../../src/shared/contract/agents.ts'
import type { Integration } from '../../../src/shared/contract/integrations.ts'
import type { Profile } from '../../../src/shared/contract/profiles.ts'
import type { Tool } from '../../../src/shared/contract/tools.ts'
import type { Workspace } from '../../../src/shared/contract/workspaces.ts'

const status = {
  version: '1',
  workspace: 'default',
  mcp_url: 'http://127.0.0.1:1/mcp',
  api_url: 'http://127.0.0.1:1/api/v1',
  data_dir: '/d',
  dropped_calls: 0,
  vault: { state: 'ready', backend: 'key', reason: null, sealed_count: 0 },
}
const page = <Item,>(items: readonly Item[]) => Promise.resolve({ items, next_cursor: null })
const counted = <Counts,>(counts: Counts) => Promise.resolve({ items: [], next_cursor: null, total: 0, counts })

type Operations = { [Group in keyof Client]?: Partial<Client[Group]> }

export interface FakeCore {
  integrations?: Integration[]
  tools?: Tool[]
  agents?: Agent[]
  profiles?: Profile[]
  workspaces?: Workspace[]
  /** Answers of single operations; one that no test gives is missing, so that asking for it fails. */
  operations?: Operations
}

/** The whole console at one address, over a core that holds what the test gives. Answers what it was asked to restart. */
export function openConsole(path: string, core: FakeCore = {}) {
  const { integrations = [], tools = [], agents = [], profiles = [], operations = {} } = core
  const { workspaces = [{ name: 'default', plan: 'enterprise', created_at: '2026-11-24T10:00:00.000Z' }] } = core
  const restart = vi.fn(({ name }: { name: string }) =>
    Promise.resolve(integrations.find((integration) => integration.name === name)),
  )
  const lists = {
    system: {
      status: () => Promise.resolve(status),
      // Nothing ever changes by itself here.
      stream: () => Promise.resolve({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }) }),
    },
    integrations: { list: () => page(integrations), restart, process: () => Promise.resolve(null) },
    calls: {
      stats: () => Promise.resolve({ minutes: [], calls: 0, errors: 0, p50_ms: null, p95_ms: null, agents: [] }),
    },
    tools: { of_integration: () => page(tools) },
    agents: { list: () => page(agents) },
    profiles: { list: () => page(profiles) },
    workspaces: { list: () => page(workspaces) },
    incidents: { list: () => counted({ open: 0, acknowledged: 0, resolved: 0 }) },
    deliveries: { list: () => counted({ waiting: 0, retrying: 0, failed: 0 }) },
    channels: { list: () => page([]) },
    rules: { list: () => page([]) },
    console: { create_url: () => Promise.reject(new Error('This page follows no gateway.')) },
    // A screen that asks for what no test gives waits.
    settings: { get: () => new Promise(() => undefined) },
  }
  const groups = new Set([...Object.keys(lists), ...Object.keys(operations)]) as Set<keyof Client>
  const client = Object.fromEntries(
    [...groups].map((group) => [group, { ...lists[group as keyof typeof lists], ...operations[group] }]),
  ) as unknown as Client
  window.location.hash = path
  // jsdom lays nothing out; the lists ask how high they are.
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(800)
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(1000)
  window.scrollTo = () => undefined
  window.matchMedia = (media) => Object.assign(new EventTarget(), { media, matches: false }) as MediaQueryList
  const console = { client, stores: createStores(localStorage), commands: new Commands() }
  render(<App console={console} router={createConsoleRouter()} />)
  return { restart, stores: console.stores }
}

export function closeConsole(): void {
  cleanup()
  vi.restoreAllMocks()
  localStorage.clear()
}
