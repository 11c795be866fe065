import type { ChangeEvent } from '../../shared/contract/events.ts'
import type { Client } from '../client.ts'
import { problemOf } from './problem.ts'
import type { Stores } from './stores.ts'

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 10_000

/** Puts one event of the stream into the stores. `resync` is not for here: it means loading the lists again. */
export function applyChange(stores: Stores, event: Exclude<ChangeEvent, { type: 'resync' }>): void {
  switch (event.type) {
    case 'integration_changed':
      stores.integrations.getState().put(event.integration)
      return
    case 'integration_removed':
      stores.integrations.getState().remove(event.name)
      stores.tools.getState().remove(event.name)
      return
    case 'tools_changed':
      stores.tools.getState().invalidate(event.integration)
      return
    case 'agent_changed':
      stores.agents.getState().put(event.agent)
      return
    case 'agent_removed':
      stores.agents.getState().remove(event.id)
      return
    case 'vault_changed':
      stores.system.getState().setVault(event.vault)
      return
    case 'workspace_changed':
      if (event.workspace.name === stores.system.getState().status?.workspace) {
        stores.system.getState().setWorkspace(event.workspace)
      }
      return
  }
}

/** Loads every list that the console keeps. */
async function loadAll(client: Client, stores: Stores, signal: AbortSignal): Promise<void> {
  const [status, integrations, agents, workspaces] = await Promise.all([
    client.system.status(undefined, { signal }),
    client.integrations.list(undefined, { signal }),
    client.agents.list(undefined, { signal }),
    client.workspaces.list(undefined, { signal }),
  ])
  stores.integrations.getState().replaceAll(integrations.items)
  stores.agents.getState().replaceAll(agents.items)
  stores.system.getState().setStatus(status)
  const workspace = workspaces.items.find(({ name }) => name === status.workspace)
  if (workspace) stores.system.getState().setWorkspace(workspace)
  for (const name of Object.keys(stores.tools.getState().byIntegration)) stores.tools.getState().invalidate(name)
}

/**
 * Keeps the stores equal to the core until the signal is aborted: subscribes first and loads then, so that no change
 * falls between the two; after a loss it tries again with back-off. What is on screen stays there meanwhile.
 */
export async function keepInSync(client: Client, stores: Stores, signal: AbortSignal): Promise<void> {
  const { setLink } = stores.system.getState()
  let retryMs = FIRST_RETRY_MS
  while (!signal.aborted) {
    try {
      const events = await client.system.stream(undefined, { signal })
      await loadAll(client, stores, signal)
      setLink('online')
      retryMs = FIRST_RETRY_MS
      for await (const event of events) {
        if (event.type === 'resync') await loadAll(client, stores, signal)
        else applyChange(stores, event)
      }
      setLink('reconnecting')
    } catch (cause) {
      // Read again: `aborted` may have changed during the waits above, which the compiler cannot see.
      if ((signal as { aborted: boolean }).aborted) return
      const problem = problemOf(cause)
      if (problem.code === 'signed_out') {
        setLink('signed_out', problem)
        return
      }
      setLink('reconnecting', problem)
    }
    await pause(retryMs * (0.75 + Math.random() / 2), signal)
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      window.removeEventListener('online', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    signal.addEventListener('abort', done)
    window.addEventListener('online', done)
  })
}
