import type { Integration } from '../../shared/contract/integrations.ts'
import type { Setup, SetupCheck, SetupField, SetupInput, SetupResult } from '../../shared/contract/setup.ts'
import { AppError } from '../base/app-error.ts'
import { messageOf } from '../base/message-of.ts'
import type { HeldIntegration } from '../integrations/held-integration.ts'
import type { IntegrationsService } from '../integrations/service.ts'
import type { SystemDraft } from '../integrations/system-draft.ts'
import { placeOfField } from '../integrations/system-records.ts'
import type { SystemAdapters } from './adapters.ts'
import { genericCheck } from './generic-check.ts'
import type { RegistryField, RegistryWay } from './registry-schema.ts'
import type { SystemEntry, SystemRegistry } from './registry.ts'
import { withDefaults } from './setup-defaults.ts'
import type { SystemAccess } from './system-adapter.ts'

interface SetupServiceOptions {
  registry: SystemRegistry
  adapters: SystemAdapters
  integrations: Pick<IntegrationsService, 'get' | 'system' | 'systemDrafts' | 'systemWrites'>
  /** Names of the channels that send by an integration. */
  channelsOf: (workspace: string, integration: string) => readonly string[]
}

/** For all checks of one setup together. */
const VERIFY_MS = 120_000
/** Channels that are named before the rest is counted. */
const MOST_NAMED = 3

/** Sets system integrations up: asks for what the registry says, checks it, and stores what was good. */
export class SetupService {
  readonly #options: SetupServiceOptions

  constructor(options: SetupServiceOptions) {
    this.#options = options
  }

  get(workspace: string, name: string): Setup {
    const entry = this.#entry(workspace, name)
    const held = this.#options.integrations.system.find(workspace, name)
    return {
      name,
      display_name: entry.display_name,
      ways: entry.ways.map(shownWay),
      channel_kind: entry.channel_kind,
      current: held === undefined ? null : currentOf(entry, held),
    }
  }

  /** Nothing is stored when a check failed, unless `save_anyway`. Throws `invalid_input` that names each field at fault. */
  async apply(
    workspace: string,
    input: SetupInput,
    signal = new AbortController().signal,
  ): Promise<AsyncGenerator<SetupCheck, SetupResult>> {
    const entry = this.#entry(workspace, input.name)
    const drafts = await this.#options.integrations.systemDrafts.get()
    const draft = await drafts.draft(workspace, entry, input)
    // Not found out after a person has waited for the checks.
    await drafts.requireVault(draft)
    return this.#applied(workspace, entry, draft, { saveAnyway: input.save_anyway, signal })
  }

  async *#applied(
    workspace: string,
    entry: SystemEntry,
    draft: SystemDraft,
    { saveAnyway, signal }: { saveAnyway: boolean; signal: AbortSignal },
  ): AsyncGenerator<SetupCheck, SetupResult> {
    const { integrations } = this.#options
    const drafts = await integrations.systemDrafts.get()
    const checks: SetupCheck[] = []
    const signsIn = drafts.needsSignIn(draft)
    if (!signsIn) {
      const { access, close } = drafts.open(draft)
      try {
        yield* this.#checked(entry, draft.system.way, access, checks, signal)
      } finally {
        await close()
      }
    }
    const isWell = checks.every(({ state }) => state !== 'failed')
    const now = () => integrations.get(workspace, entry.name)
    if (!isWell && !saveAnyway) {
      return { ok: false, saved: false, message: failure(checks), checks, integration: now() }
    }
    signal.throwIfAborted()
    await integrations.systemWrites.store(draft)
    const message = signsIn
      ? `Saved. Sign in to ${entry.display_name} now.`
      : isWell
        ? success(entry, checks)
        : `Saved, though a check failed. ${failure(checks)}`
    return { ok: isWell, saved: true, message, checks, integration: now() }
  }

  /** The stored settings. Throws `invalid_input` where it is not set up. */
  verify(
    workspace: string,
    name: string,
    signal = new AbortController().signal,
  ): AsyncGenerator<SetupCheck, SetupResult> {
    const entry = this.#entry(workspace, name)
    return this.#verified(workspace, entry, this.#options.integrations.system.requireAccess(workspace, name), signal)
  }

  async *#verified(
    workspace: string,
    entry: SystemEntry,
    access: SystemAccess,
    signal: AbortSignal,
  ): AsyncGenerator<SetupCheck, SetupResult> {
    const { integrations } = this.#options
    const way = entry.ways.find(({ id }) => id === access.way)
    if (way === undefined) throw new AppError('not_found')
    const checks: SetupCheck[] = []
    if (integrations.get(workspace, entry.name).oauth?.state === 'signed_out') {
      const check = signInFirst(entry)
      checks.push(check)
      yield check
    } else {
      yield* this.#checked(entry, way, access, checks, signal)
    }
    const isWell = checks.every(({ state }) => state !== 'failed')
    const message = isWell ? success(entry, checks) : failure(checks)
    return { ok: isWell, saved: true, message, checks, integration: integrations.get(workspace, entry.name) }
  }

  /** Throws `in_use` while channels send by it. */
  async forget(workspace: string, name: string): Promise<void> {
    const entry = this.#entry(workspace, name)
    const channels = this.#options.channelsOf(workspace, name)
    if (channels.length > 0) {
      const more = channels.length > MOST_NAMED ? ` and ${channels.length - MOST_NAMED} more` : ''
      const named = `${channels.slice(0, MOST_NAMED).join(', ')}${more}`
      throw new AppError('in_use', {
        message: `Channels send by ${entry.display_name}: ${named}. Remove ${channels.length === 1 ? 'it' : 'them'} first.`,
        integration: name,
      })
    }
    await this.#options.integrations.systemWrites.forget(workspace, name)
  }

  async *#checked(
    entry: SystemEntry,
    way: RegistryWay,
    access: SystemAccess,
    checks: SetupCheck[],
    signal: AbortSignal,
  ): AsyncGenerator<SetupCheck, void> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(VERIFY_MS)])
    const adapter = await this.#options.adapters.of(entry)
    const run = adapter === undefined ? genericCheck(access, way, limited) : adapter.verify(access, limited)
    try {
      for await (const check of run) {
        limited.throwIfAborted()
        const told = redacted(check, access)
        if (told.state !== 'running') checks.push(told)
        yield told
      }
    } catch (error) {
      signal.throwIfAborted()
      const message = limited.aborted ? 'The checks took more than two minutes.' : access.redact(messageOf(error))
      const check: SetupCheck = { id: 'end', label: 'Checks', state: 'failed', message, fix: null, field: null }
      checks.push(check)
      yield check
    }
  }

  #entry(workspace: string, name: string): SystemEntry {
    const entry = this.#options.registry.find(name)
    // One that the admin made, or nothing at all.
    const known: Integration | undefined = this.#options.integrations.get(workspace, name)
    if (entry !== undefined && known.source === 'system') return entry
    const message = `${name} is not a system integration, so it has no setup.`
    throw new AppError('invalid_input', { message, details: [{ path: 'name', message }] })
  }
}

function shownWay({ id, title, summary, fields, steps, signs_in }: RegistryWay): Setup['ways'][number] {
  return { id, title, summary, fields: fields.map(shownField), steps, signs_in }
}

function shownField({ credential: _credential, pattern: _pattern, ...field }: RegistryField): SetupField {
  return field
}

function currentOf(entry: SystemEntry, { record, masked }: HeldIntegration): Setup['current'] {
  const { way: id, values } = record.system ?? { way: '', values: {} }
  const fields = entry.ways.find((way) => way.id === id)?.fields ?? []
  const secrets = fields.filter(({ kind }) => kind === 'secret')
  const credentials = secrets.flatMap((field): [string, string][] => {
    const value = maskedAt(masked, placeOfField(field))
    return value === undefined ? [] : [[field.name, value]]
  })
  return {
    way: id,
    values: withDefaults(fields, values) as NonNullable<Setup['current']>['values'],
    credentials: Object.fromEntries(credentials),
    updated_at: record.updatedAt,
  }
}

function maskedAt(masked: HeldIntegration['masked'], place: string): string | undefined {
  const [group = '', ...names] = place.split('.')
  const value = masked[group]
  if (typeof value === 'string') return names.length === 0 ? value : undefined
  return value?.[names.join('.')]
}

/** Nothing of the service can be asked before. */
function signInFirst({ display_name }: SystemEntry): SetupCheck {
  const fix = `Sign in to ${display_name}, then test it again.`
  return { id: 'sign_in', label: 'Sign-in', state: 'failed', message: 'Sign in first.', fix, field: null }
}

function redacted(check: SetupCheck, access: SystemAccess): SetupCheck {
  return { ...check, message: access.redact(check.message), fix: check.fix === null ? null : access.redact(check.fix) }
}

function success({ display_name }: SystemEntry, checks: readonly SetupCheck[]): string {
  const warnings = checks.filter(({ state }) => state === 'warning').length
  if (warnings === 0) return `${display_name} is connected.`
  return `${display_name} is connected; ${warnings === 1 ? 'one check has' : `${warnings} checks have`} a remark.`
}

function failure(checks: readonly SetupCheck[]): string {
  const failed = checks.find(({ state }) => state === 'failed')
  return failed === undefined ? '' : failed.message || `${failed.label} failed.`
}
