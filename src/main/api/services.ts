import type { z } from 'zod'
import type { Agent, AgentWithToken } from '../../shared/contract/agents.ts'
import type { ChangeEvent } from '../../shared/contract/events.ts'
import type {
  ConnectionDraft,
  Integration,
  IntegrationChanges,
  NewIntegration,
  TestResult,
  TestStep,
} from '../../shared/contract/integrations.ts'
import type { Status } from '../../shared/contract/system.ts'
import type { Tool } from '../../shared/contract/tools.ts'
import type { VaultState } from '../../shared/contract/vault.ts'
import type { Plan, Workspace } from '../../shared/contract/workspaces.ts'
import type { FilteredTools } from '../integrations/served-integration.ts'

type Answer<Value> = Value | Promise<Value>
type NewAgent = z.infer<typeof AgentWithToken>
type NewWorkspace = { name: string; plan: z.infer<typeof Plan> }

/**
 * What the API needs of the rest of the core, and no more: the classes of the services fit it by their shape. Every
 * method takes the workspace first and throws AppError.
 */
export interface ApiServices {
  integrations: {
    list(workspace: string): Answer<Integration[]>
    get(workspace: string, name: string): Answer<Integration>
    filteredTools(workspace: string, name: string): Answer<FilteredTools>
    create(workspace: string, input: NewIntegration): Answer<Integration>
    update(workspace: string, name: string, changes: IntegrationChanges): Answer<Integration>
    remove(workspace: string, name: string): Answer<void>
    enable(workspace: string, name: string): Answer<Integration>
    disable(workspace: string, name: string): Answer<Integration>
    restart(workspace: string, name: string): Answer<Integration>
    test(workspace: string, name: string, signal?: AbortSignal): Promise<TestResult>
    testDraft(workspace: string, draft: ConnectionDraft, signal?: AbortSignal): AsyncGenerator<TestStep, TestResult>
  }
  agents: {
    list(workspace: string): Answer<Agent[]>
    create(workspace: string, name: string): Answer<NewAgent>
    update(workspace: string, id: string, name: string): Answer<Agent>
    remove(workspace: string, id: string): Answer<void>
    rotate(workspace: string, id: string): Answer<NewAgent>
  }
  workspaces: {
    list(): Answer<Workspace[]>
    create(input: NewWorkspace): Answer<Workspace>
    update(input: NewWorkspace): Answer<Workspace>
    require(name: string): Answer<Workspace>
  }
  vault: {
    state(): Answer<VaultState>
    unlock(passphrase?: string): Answer<VaultState>
  }
  gateway: {
    listTools(
      workspace: string,
      filter: { query?: string | undefined; integration?: string | undefined },
    ): Answer<Tool[]>
    toolsOf(integration: FilteredTools): Answer<Tool[]>
    callTool(
      workspace: string,
      name: string,
      args: Record<string, unknown>,
      signal?: AbortSignal,
    ): Promise<Record<string, unknown>>
  }
  events: { subscribe(workspace: string, signal: AbortSignal): AsyncIterator<ChangeEvent, unknown> }
  status(workspace: string): Answer<Status>
  /** A fresh address with a single-use code. */
  consoleUrl(): string
}
