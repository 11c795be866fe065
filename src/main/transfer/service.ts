import { isDeepStrictEqual } from 'node:util'
import type { Agent, AgentChanges, NewAgent } from '../../shared/contract/agents.ts'
import type { ErrorDetail } from '../../shared/contract/errors.ts'
import type { Integration, IntegrationChanges, NewIntegration } from '../../shared/contract/integrations.ts'
import type { NewProfile, Profile, ProfileChanges } from '../../shared/contract/profiles.ts'
import type { Settings, SettingsChanges } from '../../shared/contract/settings.ts'
import type { ApplyPlan, PlanItem } from '../../shared/contract/transfer.ts'
import type { VaultState } from '../../shared/contract/vault.ts'
import { AppError } from '../base/app-error.ts'
import type { Redactor } from '../base/redact.ts'
import { mayGo } from '../integrations/authorization-identity.ts'
import { usedFields } from '../integrations/credentials.ts'
import {
  parseDocument,
  secretPlaces,
  targetOf,
  writeExport,
  type ExportedAgent,
  type ExportedSettings,
} from './document.ts'
import { openPlaces, withOpenSecrets } from './open-secrets.ts'
import { readWanted, type CoveredField, type Wanted, type WantedIntegration, type WantedParts } from './wanted.ts'

interface TransferOptions {
  integrations: {
    list(workspace: string): Integration[]
    /** With the tools of a REST API. */
    get(workspace: string, name: string): Integration
    create(workspace: string, input: NewIntegration): Promise<Integration>
    update(workspace: string, name: string, changes: IntegrationChanges): Promise<Integration>
    enable(workspace: string, name: string): Promise<Integration>
    disable(workspace: string, name: string): Promise<Integration>
  }
  profiles: {
    list(workspace: string): Profile[]
    create(workspace: string, input: NewProfile): Promise<Profile>
    update(workspace: string, id: string, changes: ProfileChanges): Promise<Profile>
  }
  agents: {
    list(workspace: string): Agent[]
    create(workspace: string, input: NewAgent): Promise<unknown>
    update(workspace: string, id: string, changes: AgentChanges): Promise<unknown>
  }
  settings: { get(): Promise<Settings>; update(changes: SettingsChanges): Promise<unknown> }
  vault: { state(): Promise<VaultState> }
  redactor: Pick<Redactor, 'text'>
}

/** One item of a plan, and what carries it out. */
interface Step {
  item: PlanItem
  run?: () => Promise<unknown>
}

/**
 * The configuration of a workspace as one text, and back. Applying is idempotent: it makes what is missing, changes what
 * differs and deletes nothing.
 */
export class Transfer {
  readonly #options: TransferOptions

  constructor(options: TransferOptions) {
    this.#options = options
  }

  async export(workspace: string): Promise<string> {
    const { integrations, profiles, agents, settings, redactor } = this.#options
    const known = profiles.list(workspace)
    return writeExport({
      integrations: customOnes(integrations, workspace),
      system: integrations
        .list(workspace)
        .filter(({ source, connection }) => source === 'system' && connection.state !== 'needs_setup')
        .map(({ name }) => name),
      profiles: known,
      agents: agents.list(workspace).map(({ name, profile_id, discovery_mode }) => ({
        name,
        profile: known.find(({ id }) => id === profile_id)?.name ?? null,
        discovery_mode,
      })),
      settings: await settings.get(),
      redact: (text) => redactor.text(text),
    })
  }

  async plan(workspace: string, document: string): Promise<ApplyPlan> {
    const steps = await this.#steps(workspace, readWanted(parseDocument(document)))
    return { items: steps.map(({ item }) => item) }
  }

  /** Throws before anything is written when an item is invalid; the error names each. */
  async apply(workspace: string, document: string): Promise<ApplyPlan> {
    const wanted = readWanted(parseDocument(document))
    const steps = await this.#steps(workspace, wanted)
    refuseInvalid(steps)
    await this.#requireVault(wanted)
    const done: string[] = []
    for (const { item, run } of steps) {
      try {
        await run?.()
      } catch (error) {
        throw interrupted(item, done, error)
      }
      if (run) done.push(item.name)
    }
    return { items: steps.map(({ item }) => item) }
  }

  /** Half a configuration is worse than none: secrets must have a place before anything is written. */
  async #requireVault({ integrations }: WantedParts): Promise<void> {
    const withSecrets = integrations.filter((one) => 'value' in one && one.value.input.credentials !== undefined)
    if (withSecrets.length === 0) return
    const { state, reason } = await this.#options.vault.state()
    if (state === 'ready' || state === 'empty') return
    const names = withSecrets.map(({ name }) => name).join(', ')
    throw new AppError('vault_locked', {
      message: `The vault is ${state}, and these need it for their secrets: ${names}. ${reason ?? ''}`.trimEnd(),
    })
  }

  async #steps(workspace: string, wanted: WantedParts): Promise<Step[]> {
    const { integrations, settings } = this.#options
    const named = new Set(wanted.integrations.map(({ name }) => name))
    const existing = new Map(
      integrations
        .list(workspace)
        .filter(({ name }) => named.has(name))
        .map(({ name }) => [name, integrations.get(workspace, name)]),
    )
    const current = await settings.get()
    // Profiles before the agents that have them.
    return [
      ...wanted.integrations.map((one) => this.#integrationStep(workspace, one, existing.get(one.name))),
      ...wanted.profiles.map((one) => this.#profileStep(workspace, one)),
      ...wanted.agents.map((one) => this.#agentStep(workspace, one, wanted.profiles)),
      ...wanted.settings.map((one) => this.#settingsStep(one, current)),
    ]
  }

  #integrationStep(workspace: string, wanted: Wanted<WantedIntegration>, existing: Integration | undefined): Step {
    if ('problem' in wanted) return invalid('integration', wanted)
    const { name } = wanted
    const { covers, status, secrets } = wanted.value
    const { integrations, redactor } = this.#options
    const former = existing && targetOf(existing)
    const input = withOpenSecrets(wanted.value.input, secrets, former, (text) => redactor.text(text))
    if (former !== undefined && former.protocol !== input.protocol) {
      const [is, wants] = former.protocol === 'mcp' ? ['an MCP server', 'a REST API'] : ['a REST API', 'an MCP server']
      return invalid('integration', {
        name,
        problem: `${name} is ${is} here and ${wants} in the document. Rename one.`,
      })
    }
    if (existing?.source === 'system') {
      return invalid('integration', { name, problem: `${name} is the name of a system integration.` })
    }
    if (existing !== undefined && carriesSecretsAway(input, existing)) {
      const problem =
        'It would lead to another server with the stored credentials of the one before. ' +
        'Change where it leads on its Connection tab, or delete it first.'
      return invalid('integration', { name, problem })
    }
    const missing = missingSecrets(secrets, input, existing)
    const setStatus = async (now: Integration['status']) => {
      if (status === 'disabled' && now === 'active') await integrations.disable(workspace, name)
      if (status === 'active' && now === 'disabled') await integrations.enable(workspace, name)
    }
    if (existing === undefined) {
      const run = async () => setStatus((await integrations.create(workspace, input)).status)
      return { item: planItem('integration', name, 'create', { missing }), run }
    }
    const fields = changedFields(covers, input, existing)
    const changes = Object.fromEntries(covers.map((field) => [field, memberOf(input, field)])) as IntegrationChanges
    // A stored secret can't be read back to be compared, so one that is given is always set.
    if (input.credentials !== undefined) {
      fields.push('credentials')
      changes.credentials = input.credentials
    }
    const changesStatus = status !== undefined && status !== existing.status
    if (fields.length === 0 && !changesStatus) return { item: planItem('integration', name, 'unchanged', { missing }) }
    const run = async () => {
      if (fields.length > 0) await integrations.update(workspace, name, changes)
      await setStatus(existing.status)
    }
    const told = changesStatus ? [...fields, 'status'] : fields
    return { item: planItem('integration', name, 'update', { fields: told, missing }), run }
  }

  #profileStep(workspace: string, wanted: Wanted<NewProfile>): Step {
    if ('problem' in wanted) return invalid('profile', wanted)
    const { name, value } = wanted
    const { profiles } = this.#options
    const existing = profiles.list(workspace).find((profile) => profile.name === name)
    if (existing === undefined) {
      return { item: planItem('profile', name, 'create'), run: () => profiles.create(workspace, value) }
    }
    const fields = differing(value, existing)
    if (fields.length === 0) return { item: planItem('profile', name, 'unchanged') }
    return {
      item: planItem('profile', name, 'update', { fields }),
      run: () => profiles.update(workspace, existing.id, value),
    }
  }

  #agentStep(workspace: string, wanted: Wanted<ExportedAgent>, planned: readonly Wanted<NewProfile>[]): Step {
    if ('problem' in wanted) return invalid('agent', wanted)
    const { name, profile, discovery_mode } = { ...wanted.value, name: wanted.name }
    const { agents, profiles } = this.#options
    const idOf = () => profiles.list(workspace).find((one) => one.name === profile)?.id ?? null
    if (profile !== null && idOf() === null && !planned.some((one) => one.name === profile)) {
      return invalid('agent', { name, problem: `There is no profile named ${profile}, here or in the document.` })
    }
    const existing = agents.list(workspace).find((agent) => agent.name === name)
    if (existing === undefined) {
      const run = () => agents.create(workspace, { name, profile_id: idOf(), discovery_mode })
      return { item: planItem('agent', name, 'create', { missing: ['token'] }), run }
    }
    const known = profiles.list(workspace).find(({ id }) => id === existing.profile_id)?.name ?? null
    const fields = differing({ profile, discovery_mode }, { profile: known, discovery_mode: existing.discovery_mode })
    if (fields.length === 0) return { item: planItem('agent', name, 'unchanged') }
    const run = () => agents.update(workspace, existing.id, { profile_id: idOf(), discovery_mode })
    return { item: planItem('agent', name, 'update', { fields }), run }
  }

  #settingsStep(wanted: Wanted<ExportedSettings>, current: Settings): Step {
    if ('problem' in wanted) return invalid('settings', wanted)
    const fields = differing(wanted.value, current)
    if (fields.length === 0) return { item: planItem('settings', wanted.name, 'unchanged') }
    return {
      item: planItem('settings', wanted.name, 'update', { fields }),
      run: () => this.#options.settings.update(wanted.value),
    }
  }
}

/** With the tools of REST APIs. */
function customOnes(
  integrations: Pick<TransferOptions['integrations'], 'list' | 'get'>,
  workspace: string,
): Integration[] {
  const custom = integrations.list(workspace).filter(({ source }) => source === 'custom')
  return custom.map(({ name }) => integrations.get(workspace, name))
}

/** What the document says is needed, and neither the vault nor the document itself holds. */
function missingSecrets(named: readonly string[], input: NewIntegration, existing: Integration | undefined): string[] {
  const given = new Set(secretPlaces((input.credentials ?? {}) as Integration['credentials']))
  const stored = new Set(existing === undefined ? [] : secretPlaces(existing.credentials))
  const target = existing && targetOf(existing)
  const open = new Set(target ? openPlaces(target) : [])
  return named.filter((place) => !given.has(place) && !stored.has(place) && !open.has(place))
}

/** Whoever wrote the document must not get what was entered for another server. */
function carriesSecretsAway(input: NewIntegration, existing: Integration): boolean {
  const former = targetOf(existing)
  if (former === undefined || input.credentials !== undefined) return false
  const settings = { ...input, authType: input.auth_type, authHeaderPrefix: input.auth_header_prefix }
  const { auth_type: authType, auth_header_prefix: authHeaderPrefix, auth } = existing
  if (mayGo({ ...former, authType, authHeaderPrefix, auth }, settings)) return false
  return usedFields(settings, secretPlaces(existing.credentials)).length > 0
}

/** What differs of what the document speaks of. Of a REST API its tools are told apart from the rest. */
function changedFields(covers: readonly CoveredField[], input: NewIntegration, existing: Integration): string[] {
  return covers.flatMap((field): string[] => {
    if (field !== 'rest') return isDeepStrictEqual(memberOf(input, field), memberOf(existing, field)) ? [] : [field]
    if (input.protocol !== 'rest' || existing.rest === null) return [field]
    const { tools, ...settings } = input.rest
    const { tools: formerTools = [], source: _source, ...formerSettings } = existing.rest
    return [
      ...(isDeepStrictEqual(settings, formerSettings) ? [] : ['rest']),
      ...(isDeepStrictEqual(tools, formerTools) ? [] : ['rest.tools']),
    ]
  })
}

function memberOf(integration: NewIntegration | Integration, field: CoveredField): unknown {
  return (integration as Partial<Record<CoveredField, unknown>>)[field]
}

function differing(wanted: object, existing: object): string[] {
  const current = existing as Record<string, unknown>
  return Object.entries(wanted)
    .filter(([field, value]) => value !== undefined && !isDeepStrictEqual(value, current[field]))
    .map(([field]) => field)
}

function planItem(
  kind: PlanItem['kind'],
  name: string,
  action: PlanItem['action'],
  { fields = [], missing = [] }: { fields?: string[]; missing?: string[] } = {},
): PlanItem {
  return { kind, name, action, fields, missing_secrets: missing, problem: null }
}

function invalid(kind: PlanItem['kind'], { name, problem }: { name: string; problem: string }): Step {
  return { item: { ...planItem(kind, name, 'invalid'), problem } }
}

function refuseInvalid(steps: readonly Step[]): void {
  const details = steps.flatMap(({ item }): ErrorDetail[] =>
    item.problem === null ? [] : [{ path: `${item.kind} ${item.name}`, message: item.problem }],
  )
  if (details.length === 0) return
  const which = details.length === 1 ? 'One item is' : `${details.length} items are`
  throw new AppError('invalid_input', { message: `${which} not valid, so nothing was applied.`, details })
}

function interrupted({ kind, name }: PlanItem, done: readonly string[], error: unknown): AppError {
  const cause = error instanceof AppError ? error : new AppError('internal', { cause: error })
  const before = done.length === 0 ? 'Nothing was applied.' : `Applied before it: ${done.join(', ')}.`
  const message = `The ${kind} ${name} can't be applied: ${cause.message} ${before} Apply again once it is mended.`
  return new AppError(cause.code, { message, details: cause.details, cause: error })
}
