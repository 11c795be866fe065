import { createContext, use } from 'react'
import { useStore } from 'zustand'
import type { Client } from '../client.ts'
import type { Commands } from '../commands.ts'
import type { Channel } from '../../shared/contract/channels.ts'
import type { DeliveryCounts } from '../../shared/contract/deliveries.ts'
import type { IncidentCounts } from '../../shared/contract/incidents.ts'
import type { Rule } from '../../shared/contract/rules.ts'
import type { AgentsState } from './agents.ts'
import type { ByIdState } from './by-id.ts'
import type { CountsState } from './counts.ts'
import type { IntegrationsState } from './integrations.ts'
import type { Problem } from './problem.ts'
import type { PreferencesState } from './preferences.ts'
import type { ProfilesState } from './profiles.ts'
import type { SignInsState } from './sign-ins.ts'
import type { Stores } from './stores.ts'
import type { SystemState } from './system.ts'
import type { ToolsState } from './tools.ts'
import type { WorkspacesState } from './workspaces.ts'
import type { Workspace } from '../../shared/contract/workspaces.ts'

/** What every screen may use; made once in main.tsx, made anew by each test. */
export interface Console {
  client: Client
  stores: Stores
  commands: Commands
}

export const ConsoleContext = createContext<Console | null>(null)

export function useConsole(): Console {
  const value = use(ConsoleContext)
  if (!value) throw new Error('useConsole outside <ConsoleContext>')
  return value
}

export function useIntegrations<Value>(select: (state: IntegrationsState) => Value): Value {
  return useStore(useConsole().stores.integrations, select)
}

export function useAgents<Value>(select: (state: AgentsState) => Value): Value {
  return useStore(useConsole().stores.agents, select)
}

export function useProfiles<Value>(select: (state: ProfilesState) => Value): Value {
  return useStore(useConsole().stores.profiles, select)
}

export function useWorkspaces<Value>(select: (state: WorkspacesState) => Value): Value {
  return useStore(useConsole().stores.workspaces, select)
}

/** The workspace in front; undefined until it is loaded. */
export function useWorkspace(): Workspace | undefined {
  return useWorkspaces(({ byName, current }) => byName[current])
}

export function useTools<Value>(select: (state: ToolsState) => Value): Value {
  return useStore(useConsole().stores.tools, select)
}

export function useSignIns<Value>(select: (state: SignInsState) => Value): Value {
  return useStore(useConsole().stores.signIns, select)
}

export function useIncidents<Value>(select: (state: CountsState<IncidentCounts>) => Value): Value {
  return useStore(useConsole().stores.incidents, select)
}

export function useDeliveries<Value>(select: (state: CountsState<DeliveryCounts>) => Value): Value {
  return useStore(useConsole().stores.deliveries, select)
}

export function useChannels<Value>(select: (state: ByIdState<Channel>) => Value): Value {
  return useStore(useConsole().stores.channels, select)
}

export function useRules<Value>(select: (state: ByIdState<Rule>) => Value): Value {
  return useStore(useConsole().stores.rules, select)
}

export function useSystem<Value>(select: (state: SystemState) => Value): Value {
  return useStore(useConsole().stores.system, select)
}

export function usePreferences<Value>(select: (state: PreferencesState) => Value): Value {
  return useStore(useConsole().stores.preferences, select)
}

/** False while the core is out of reach: what is typed stays, but nothing can be sent. */
export function useWritable(): boolean {
  return useSystem((state) => state.link === 'online')
}

/** Why nothing could be loaded yet, or what is shown may be old: the core is out of reach. */
export function useLinkProblem(): Problem | null {
  return useSystem((state) => (state.link === 'reconnecting' ? state.problem : null))
}

/** Of a row of a list, in pixels (ui.md). */
export function useRowHeight(): number {
  return usePreferences((state) => (state.density === 'compact' ? 32 : 44))
}

/** ui.md, "Plan lock". */
export const PLAN_SENTENCE = 'Custom integrations need the Enterprise plan'

/** Why custom integrations cannot be changed, or undefined if they can. */
export function usePlanLock(): string | undefined {
  const workspace = useWorkspace()
  return workspace && workspace.plan !== 'enterprise' ? PLAN_SENTENCE : undefined
}
