import type { ChangeEvent } from '../../shared/contract/events.ts'
import type { Client } from '../client.ts'
import { pause } from './pause.ts'
import { problemOf } from './problem.ts'
import { servesOtherTools } from './served-tools.ts'
import { type Stores, switchWorkspace } from './stores.ts'
import { DEFAULT_WORKSPACE } from '../../shared/contract/words.ts'

const FIRST_RETRY_MS = 250
const LAST_RETRY_MS = 10_000

/** Puts one event of the stream into the stores. `resync` is not for here: it means loading the lists again. */
export function applyChange(stores: Stores, event: Exclude<ChangeEvent, { type: 'resync' }>): void {
  switch (event.type) {
    case 'integration_changed':
      if (servesOtherTools(stores.integrations.getState().byName[event.integration.name], event.integration)) {
        stores.servedTools.getState().invalidate()
      }
      stores.integrations.getState().put(event.integration)
      return
    case 'integration_removed':
      stores.integrations.getState().remove(event.name)
      stores.tools.getState().remove(event.name)
      stores.servedTools.getState().invalidate()
      return
    case 'tools_changed':
      stores.tools.getState().invalidate(event.integration)
      stores.servedTools.getState().invalidate()
      return
    case 'tool_definition_changed':
      // The tools and the integration are told of by themselves.
      return
    case 'authorization_needed':
      // For those who do not look: what is on screen follows the integration.
      return
    case 'agent_changed':
      stores.agents.getState().put(event.agent)
      return
    case 'agent_removed':
      stores.agents.getState().remove(event.id)
      return
    case 'profile_changed':
      stores.profiles.getState().put(event.profile)
      return
    case 'profile_removed':
      stores.profiles.getState().remove(event.id)
      return
    case 'incidents_changed':
      stores.incidents.getState().changed(event.counts)
      return
    case 'deliveries_changed':
      stores.deliveries.getState().changed(event.counts)
      return
    case 'channel_changed':
      stores.channels.getState().put(event.channel)
      return
    case 'channel_removed':
      stores.channels.getState().remove(event.id)
      return
    case 'rule_changed':
      stores.rules.getState().put(event.rule)
      return
    case 'rule_removed':
      stores.rules.getState().remove(event.id)
      return
    case 'hook_tokens_changed':
      stores.hookTokens.getState().invalidate()
      return
    case 'prometheus_changed':
      stores.prometheus.getState().invalidate()
      return
    case 'settings_changed':
      stores.system.getState().setSettings(event.settings)
      return
    case 'vault_changed':
      stores.system.getState().setVault(event.vault)
      return
    case 'workspace_changed':
      stores.workspaces.getState().put(event.workspace)
      return
    case 'workspace_removed':
      stores.workspaces.getState().remove(event.name)
      if (event.name === stores.workspaces.getState().current) switchWorkspace(stores, DEFAULT_WORKSPACE)
      return
  }
}

/**
 * What is counted beside the sections, and the lists that a screen asked for. The rest of the console does not wait for
 * these, nor is it lost without them.
 */
async function loadNotices(client: Client, stores: Stores, signal: AbortSignal, ended: () => boolean): Promise<void> {
  const { channels, rules } = stores
  const fresh = await Promise.allSettled([
    client.incidents.list({ limit: 1 }, { signal }),
    client.deliveries.list({ limit: 1 }, { signal }),
    channels.getState().loaded ? client.channels.list(undefined, { signal }) : undefined,
    rules.getState().loaded ? client.rules.list(undefined, { signal }) : undefined,
  ])
  if (ended()) return
  const [incidents, deliveries, allChannels, allRules] = fresh
  if (incidents.status === 'fulfilled') stores.incidents.getState().changed(incidents.value.counts)
  if (deliveries.status === 'fulfilled') stores.deliveries.getState().changed(deliveries.value.counts)
  if (allChannels.status === 'fulfilled' && allChannels.value) channels.getState().replaceAll(allChannels.value.items)
  if (allRules.status === 'fulfilled' && allRules.value) rules.getState().replaceAll(allRules.value.items)
  stores.hookTokens.getState().invalidate()
  stores.prometheus.getState().invalidate()
}

/** Loads every list that the console keeps. */
async function loadAll(client: Client, stores: Stores, signal: AbortSignal, ended: () => boolean): Promise<void> {
  const [status, integrations, agents, profiles, workspaces] = await Promise.all([
    client.system.status(undefined, { signal }),
    client.integrations.list(undefined, { signal }),
    client.agents.list(undefined, { signal }),
    client.profiles.list(undefined, { signal }),
    client.workspaces.list(undefined, { signal }),
  ])
  // Kept only once a screen asked for them; then they are as old as the rest.
  const settings = stores.system.getState().settings && (await client.settings.get(undefined, { signal }))
  if (ended()) return
  stores.integrations.getState().replaceAll(integrations.items)
  stores.agents.getState().replaceAll(agents.items)
  stores.profiles.getState().replaceAll(profiles.items)
  stores.workspaces.getState().replaceAll(workspaces.items)
  if (settings) stores.system.getState().setSettings(settings)
  stores.system.getState().setStatus(status)
  for (const name of Object.keys(stores.tools.getState().byIntegration)) stores.tools.getState().invalidate(name)
  stores.servedTools.getState().invalidate()
  void loadNotices(client, stores, signal, ended)
}

/**
 * Keeps the stores equal to the core, for the workspace that is in front, until the signal is aborted or another one is
 * chosen: subscribes first and loads then, so that no change falls between the two; after a loss it tries again with
 * back-off. What is on screen stays there meanwhile.
 */
export async function keepInSync(client: Client, stores: Stores, signal: AbortSignal): Promise<void> {
  const { setLink } = stores.system.getState()
  const workspace = stores.workspaces.getState().current
  const ended = (): boolean => signal.aborted || stores.workspaces.getState().current !== workspace
  let retryMs = FIRST_RETRY_MS
  while (!ended()) {
    try {
      const events = await client.system.stream(undefined, { signal })
      await loadAll(client, stores, signal, ended)
      if (ended()) return
      setLink('online')
      retryMs = FIRST_RETRY_MS
      for await (const event of events) {
        if (ended()) return
        if (event.type === 'resync') await loadAll(client, stores, signal, ended)
        else applyChange(stores, event)
      }
      if (!ended()) setLink('reconnecting')
    } catch (cause) {
      if (ended()) return
      const problem = problemOf(cause)
      if (problem.code === 'signed_out') {
        setLink('signed_out', problem)
        return
      }
      // The workspace that was remembered is gone.
      if (problem.code === 'not_found' && workspace !== DEFAULT_WORKSPACE) {
        switchWorkspace(stores, DEFAULT_WORKSPACE)
        return
      }
      setLink('reconnecting', problem)
    }
    await pauseUntilRetry(stores, retryMs * (0.75 + Math.random() / 2), signal)
    retryMs = Math.min(retryMs * 2, LAST_RETRY_MS)
  }
}

/** Waits, unless somebody does not want to. */
async function pauseUntilRetry(stores: Stores, ms: number, signal: AbortSignal): Promise<void> {
  const wanted = new AbortController()
  const stop = stores.system.subscribe((now, before) => {
    if (now.retries !== before.retries) wanted.abort()
  })
  await pause(ms, AbortSignal.any([signal, wanted.signal]))
  stop()
}
