import type { z } from 'zod'
import type { Agent, AgentChanges, AgentWithToken, NewAgent } from '../../shared/contract/agents.ts'
import type { AuditEntry } from '../../shared/contract/audit.ts'
import type { Call, CallDetail, CallFilter, CallStats } from '../../shared/contract/calls.ts'
import type {
  Channel,
  ChannelChanges,
  ChannelTest,
  Destination,
  MessagePreview,
  NewChannel,
} from '../../shared/contract/channels.ts'
import type { ClientId, ConfigChange, FoundServer, ImportOutcome, McpClient } from '../../shared/contract/clients.ts'
import type { contract } from '../../shared/contract/contract.ts'
import type { Delivery, DeliveryCounts, DeliveryDetail, DeliveryFilter } from '../../shared/contract/deliveries.ts'
import type { ChangeEvent } from '../../shared/contract/events.ts'
import type { HookToken } from '../../shared/contract/hook-tokens.ts'
import type {
  EventInput,
  EventType,
  Incident,
  IncidentChanges,
  IncidentCounts,
  IncidentDetail,
  IncidentEvent,
  IncidentFilter,
} from '../../shared/contract/incidents.ts'
import type {
  ConnectionDraft,
  Integration,
  IntegrationChanges,
  NewIntegration,
  OutputLine,
  ProcessUsage,
  TestResult,
  TestStep,
} from '../../shared/contract/integrations.ts'
import type {
  ApplyInput,
  CheckInput,
  DocumentPreview,
  ImportDiff,
  PreviewInput,
  RestToolPreview,
  RestTry,
  ToolDraft,
} from '../../shared/contract/openapi.ts'
import type { AuthorizationStart, DoctorReport, DoctorStep } from '../../shared/contract/oauth.ts'
import type { NewProfile, Profile, ProfileChanges } from '../../shared/contract/profiles.ts'
import type { NewQuery, PrometheusStatus, QueryChanges, StoredQuery } from '../../shared/contract/prometheus.ts'
import type { NewRule, PreviewedEvent, Rule, RuleChanges } from '../../shared/contract/rules.ts'
import type { Settings, SettingsChanges } from '../../shared/contract/settings.ts'
import type { Setup, SetupCheck, SetupInput, SetupResult } from '../../shared/contract/setup.ts'
import type { Status } from '../../shared/contract/system.ts'
import type { Tool, ToolProgress, ToolRun, ToolSummary } from '../../shared/contract/tools.ts'
import type { ApplyPlan } from '../../shared/contract/transfer.ts'
import type { VaultState } from '../../shared/contract/vault.ts'
import type { Plan, Workspace } from '../../shared/contract/workspaces.ts'
import type { FilteredTools } from '../integrations/served-integration.ts'
import type { Approval } from '../integrations/tool-approvals.ts'

type Answer<Value> = Value | Promise<Value>
/** One whose code comes with its first use. */
interface Loaded<Service> {
  get(): Promise<Service>
}
type MintedAgent = z.infer<typeof AgentWithToken>
/** What an operation gives, where that has no name of its own. */
type OutputOf<Operation extends { '~orpc': { outputSchema?: unknown } }> = z.output<
  Extract<NonNullable<Operation['~orpc']['outputSchema']>, z.ZodType>
>
type MintedHookToken = OutputOf<typeof contract.hook_tokens.create>
type RuleTestResult = OutputOf<typeof contract.rules.test>['results'][number]
type KeptSeries = OutputOf<typeof contract.prometheus.series>
interface ChannelDraft {
  /** Secrets left out come from this channel. */
  id?: string | undefined
  channel: NewChannel
}
type NewWorkspace = { name: string; plan: z.infer<typeof Plan> }
type Page<Item> = { items: Item[]; next_cursor: string | null }
type PageWanted = { limit: number; cursor?: string | undefined }

/**
 * What the API needs of the rest of the core, and no more: the classes of the services fit it by their shape. Every
 * method takes the workspace first, unless it concerns the whole installation, and throws AppError.
 */
export interface ApiServices {
  integrations: {
    list(workspace: string): Answer<Integration[]>
    get(workspace: string, name: string): Answer<Integration>
    filteredTools(workspace: string, name: string): Answer<FilteredTools>
    approveTools(workspace: string, name: string, approval: Approval): Answer<void>
    create(workspace: string, input: NewIntegration): Answer<Integration>
    update(workspace: string, name: string, changes: IntegrationChanges): Answer<Integration>
    remove(workspace: string, name: string, options?: { undoMs: number }): Answer<void>
    restore(workspace: string, name: string): Answer<Integration>
    enable(workspace: string, name: string): Answer<Integration>
    disable(workspace: string, name: string): Answer<Integration>
    restart(workspace: string, name: string): Answer<Integration>
    output(workspace: string, name: string): Answer<OutputLine[]>
    followOutput(workspace: string, name: string, after: number, signal: AbortSignal): AsyncIterator<OutputLine[]>
    process(workspace: string, name: string): Answer<ProcessUsage | null>
  }
  /** Connections of their own, to see whether settings work. */
  trials: {
    test(workspace: string, name: string, signal?: AbortSignal): Promise<TestResult>
    testDraft(workspace: string, draft: ConnectionDraft, signal?: AbortSignal): AsyncGenerator<TestStep, TestResult>
  }
  /** OAuth of integrations with auth type `oauth2`. */
  authorizations: {
    /** `open`: in the system browser, where this core has one. */
    authorize(workspace: string, name: string, options: { open: boolean }): Answer<AuthorizationStart>
    cancel(workspace: string, name: string): Answer<void>
    disconnect(workspace: string, name: string): Answer<Integration>
    diagnose(workspace: string, name: string, signal?: AbortSignal): AsyncGenerator<DoctorStep, DoctorReport>
  }
  /** Documents before anything is stored of them. */
  previews: {
    preview(workspace: string, input: PreviewInput, signal: AbortSignal): Promise<DocumentPreview>
  }
  /** Tools of a REST API before they are stored. */
  toolDrafts: {
    preview(workspace: string, draft: ToolDraft): Promise<RestToolPreview>
    try(workspace: string, draft: ToolDraft, signal: AbortSignal): Promise<RestTry>
  }
  /** REST APIs and the documents that they were made of. */
  imports: {
    check(workspace: string, input: CheckInput, signal: AbortSignal): Promise<ImportDiff>
    apply(workspace: string, input: ApplyInput, signal: AbortSignal): Promise<void>
    export(workspace: string, name: string, signal: AbortSignal): Promise<Record<string, unknown>>
  }
  /** System integrations. */
  setup: Loaded<{
    get(workspace: string, name: string): Answer<Setup>
    apply(workspace: string, input: SetupInput, signal?: AbortSignal): Answer<AsyncGenerator<SetupCheck, SetupResult>>
    verify(workspace: string, name: string, signal?: AbortSignal): AsyncGenerator<SetupCheck, SetupResult>
    forget(workspace: string, name: string): Answer<void>
  }>
  incidents: {
    list(
      workspace: string,
      filter: IncidentFilter,
      wanted: PageWanted,
    ): Answer<Page<Incident> & { total: number; counts: IncidentCounts }>
    get(workspace: string, id: string): Answer<IncidentDetail>
    update(workspace: string, id: string, changes: IncidentChanges, origin?: 'console' | 'api'): Answer<IncidentDetail>
    acknowledge(workspace: string, id: string, note?: string, origin?: 'console' | 'api'): Answer<IncidentDetail>
    resolve(workspace: string, id: string, note?: string, origin?: 'console' | 'api'): Answer<IncidentDetail>
    events(
      workspace: string,
      filter: { incident?: string | undefined; type?: EventType | undefined },
      wanted: PageWanted,
    ): Answer<Page<IncidentEvent>>
    /** By an admin, through the window or the API. */
    report(workspace: string, input: EventInput, origin: 'console' | 'api'): Answer<IncidentEvent>
  }
  channels: {
    list(workspace: string): Answer<Channel[]>
    get(workspace: string, id: string): Answer<Channel>
    create(workspace: string, input: NewChannel): Answer<Channel>
    update(workspace: string, id: string, changes: ChannelChanges): Answer<Channel>
    remove(workspace: string, id: string, options: { leaveRules: boolean }): Answer<void>
    test(workspace: string, id: string, signal?: AbortSignal): Promise<ChannelTest>
    testDraft(workspace: string, draft: ChannelDraft, signal?: AbortSignal): Promise<ChannelTest>
    preview(workspace: string, draft: ChannelDraft): Answer<MessagePreview>
    resume(workspace: string, id: string): Answer<Channel>
    rotateSecret(workspace: string, id: string): Answer<{ channel: Channel; secret: string }>
    destinations(
      workspace: string,
      wanted: { kind: 'slack'; query: string; fresh: boolean },
      signal?: AbortSignal,
    ): Promise<{ items: Destination[]; complete: boolean }>
  }
  rules: {
    list(workspace: string): Answer<Rule[]>
    create(workspace: string, input: NewRule): Answer<Rule>
    update(workspace: string, id: string, changes: RuleChanges): Answer<Rule>
    remove(workspace: string, id: string): Answer<void>
    test(workspace: string, id: string, signal?: AbortSignal): Promise<{ results: RuleTestResult[] }>
    preview(
      workspace: string,
      rule: NewRule,
      limit: number,
    ): Answer<{ examined: number; matched: number; items: PreviewedEvent[] }>
  }
  deliveries: {
    list(
      workspace: string,
      filter: DeliveryFilter,
      wanted: PageWanted,
    ): Answer<Page<Delivery> & { counts: DeliveryCounts }>
    get(workspace: string, id: string): Answer<DeliveryDetail>
    resend(workspace: string, id: string): Answer<Delivery>
  }
  hookTokens: {
    list(workspace: string): Answer<HookToken[]>
    create(workspace: string, name: string): Answer<MintedHookToken>
    remove(workspace: string, id: string): Answer<void>
  }
  prometheus: Loaded<{
    status(workspace: string): Answer<PrometheusStatus>
    poll(workspace: string, signal?: AbortSignal): Answer<PrometheusStatus>
    queries(workspace: string): Answer<StoredQuery[]>
    createQuery(workspace: string, input: NewQuery): Answer<StoredQuery>
    updateQuery(workspace: string, id: string, changes: QueryChanges): Answer<StoredQuery>
    removeQuery(workspace: string, id: string): Answer<void>
    series(
      workspace: string,
      id: string,
      wanted: { since: string; until?: string | undefined; max_points: number },
    ): Answer<KeptSeries>
  }>
  agents: {
    list(workspace: string): Answer<Agent[]>
    create(workspace: string, input: NewAgent): Answer<MintedAgent>
    update(workspace: string, id: string, changes: AgentChanges): Answer<Agent>
    remove(workspace: string, id: string): Answer<void>
    rotate(workspace: string, id: string): Answer<MintedAgent>
    lease(workspace: string, name: string, signal: AbortSignal): Promise<AsyncIterator<{ token: string }>>
  }
  profiles: {
    list(workspace: string): Answer<Profile[]>
    create(workspace: string, input: NewProfile): Answer<Profile>
    update(workspace: string, id: string, changes: ProfileChanges): Answer<Profile>
    remove(workspace: string, id: string): Answer<void>
  }
  clients: Loaded<{
    list(workspace: string): Answer<McpClient[]>
    preview(workspace: string, id: ClientId): Answer<ConfigChange>
    connect(workspace: string, id: ClientId, revision?: string): Answer<McpClient>
    disconnect(workspace: string, id: ClientId): Answer<McpClient>
    restore(workspace: string, id: ClientId): Answer<McpClient>
    servers(workspace: string): Answer<FoundServer[]>
    importServers(
      workspace: string,
      servers: readonly { client: ClientId; server: string }[],
      options: { removeFromClients: boolean },
    ): Answer<ImportOutcome[]>
  }>
  calls: {
    list(workspace: string, filter: CallFilter, wanted: PageWanted): Answer<Page<Call> & { total: number }>
    get(workspace: string, id: string): Answer<CallDetail>
    follow(workspace: string, filter: CallFilter, signal: AbortSignal): AsyncIterator<Call[]>
    stats(workspace: string, integration?: string): Answer<CallStats>
    clear(workspace: string): Answer<void>
  }
  audit: {
    /** Never throws: a change that was made is not undone because it could not be noted. */
    record(workspace: string, entry: Omit<AuditEntry, 'id' | 'at'>): void
    list(workspace: string, wanted: PageWanted): Answer<Page<AuditEntry>>
  }
  workspaces: {
    list(): Answer<Workspace[]>
    create(input: NewWorkspace): Answer<Workspace>
    update(input: NewWorkspace): Answer<Workspace>
    remove(name: string): Answer<void>
    require(name: string): Answer<Workspace>
  }
  settings: {
    get(): Answer<Settings>
    update(changes: SettingsChanges): Answer<Settings>
  }
  vault: {
    state(): Answer<VaultState>
    unlock(passphrase?: string): Answer<VaultState>
    lock(): Answer<VaultState>
    rotate(to: { backend?: 'keychain' | 'passphrase' | undefined; passphrase?: string | undefined }): Answer<VaultState>
    reset(): Answer<VaultState>
  }
  transfer: Loaded<{
    export(workspace: string): Answer<string>
    plan(workspace: string, document: string): Answer<ApplyPlan>
    apply(workspace: string, document: string): Answer<ApplyPlan>
  }>
  gateway: {
    listTools(
      workspace: string,
      filter: {
        query?: string | undefined
        integration?: string | undefined
        agent?: string | undefined
        hidden?: boolean | undefined
      },
    ): Answer<ToolSummary[]>
    /** By its gateway name. Throws `not_found`. */
    tool(workspace: string, gatewayName: string): Answer<Tool>
    toolsOf(workspace: string, integration: FilteredTools): Answer<Tool[]>
    callTool(
      workspace: string,
      name: string,
      args: Record<string, unknown>,
      signal?: AbortSignal,
    ): Promise<Record<string, unknown>>
    runTool(
      workspace: string,
      name: string,
      args: Record<string, unknown>,
      signal?: AbortSignal,
      argsJson?: string,
    ): AsyncGenerator<ToolProgress, ToolRun>
  }
  events: { subscribe(workspace: string, signal: AbortSignal): AsyncIterator<ChangeEvent, unknown> }
  status(workspace: string): Answer<Status>
  restartGateway(workspace: string): Answer<Status>
  /** A fresh address with a single-use code. */
  consoleUrl(): string
}
