import { randomUUID } from 'node:crypto'
import type { ErrorDetail } from '../../shared/contract/errors.ts'
import { Credentials } from '../../shared/contract/integrations.ts'
import type { SetupInput } from '../../shared/contract/setup.ts'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import type { RestRecord } from '../store/integrations-store.ts'
import { Access, SystemClients } from '../system/access.ts'
import type { RegistryField, RegistryWay, SystemEntry } from '../system/registry-schema.ts'
import { isShown, withDefaults } from '../system/setup-defaults.ts'
import { fieldBehind, pathOf } from '../system/setup-fields.ts'
import { valueProblem } from '../system/setup-values.ts'
import { isGiven } from '../system/templates.ts'
import type { TokenSource } from '../upstream/token-source.ts'
import { forgottenBy, mayGo } from './authorization-identity.ts'
import { credentialProblems } from './credential-problems.ts'
import { restSecrets } from './credentials.ts'
import type { HeldIntegration } from './held-integration.ts'
import type { IntegrationAuthorizations } from './integration-authorizations.ts'
import type { IntegrationRules } from './integration-rules.ts'
import { refuse } from './refuse.ts'
import type { SealedCredentials } from './sealed-credentials.ts'
import { refuseOvertaken, type SystemDraft } from './system-draft.ts'
import type { SystemIntegrations } from './system-integrations.ts'
import { placeOfField, type SystemRecord } from './system-records.ts'

interface SystemDraftsOptions {
  system: SystemIntegrations
  credentials: SealedCredentials
  authorizations: IntegrationAuthorizations
  rules: IntegrationRules
  connectTimeoutMs: number
  log: Logger
}

interface Given {
  way: RegistryWay
  /** With defaults. */
  values: Readonly<Record<string, unknown>>
  secrets: ReadonlyMap<string, string>
  kept: ReadonlySet<string>
}

/** Judges what was given for a setup, and opens what is not stored yet. */
export class SystemDrafts {
  readonly #options: SystemDraftsOptions

  constructor(options: SystemDraftsOptions) {
    this.#options = options
  }

  /** Throws `invalid_input` that names each field at fault as `values.x` or `credentials.x`. */
  async draft(workspace: string, entry: SystemEntry, input: SetupInput): Promise<SystemDraft> {
    const { system: all, credentials } = this.#options
    const former = all.find(workspace, entry.name)
    const seen = former?.record.system ?? null
    const way = wayOf(entry, input.way)
    const { values, secrets, kept } = this.#given(way, input, former)
    const settings = { way: way.id, values: Object.fromEntries(shownValues(way, input.values, values)) }
    const sealed = new Set([...secrets.keys(), ...kept])
    const system = await all.made(former?.record ?? newRecord(workspace, entry.name), entry, settings, sealed)
    // A record of its own: what is stored is compared with by identity.
    system.record = { ...system.record, updatedAt: new Date().toISOString() }
    this.#refuseUnfit(system, sealed)
    if (former !== undefined) this.#refuseCarriedAway(former, system, kept)
    credentials.register(secrets)
    const draft = { system, former, seen, given: secrets, kept }
    return { ...draft, forgetOAuth: former && this.#forgotten(former, system.record, secrets, kept) }
  }

  /** Whether a person has to sign in before anything can be asked of the service. */
  needsSignIn({ system, former, forgetOAuth }: SystemDraft): boolean {
    return system.way.signs_in && (former === undefined || former.oauth.length === 0 || forgetOAuth !== undefined)
  }

  /** Throws `vault_locked` where its secrets could not be read or stored. */
  async requireVault({ given, kept }: SystemDraft): Promise<void> {
    if (given.size + kept.size > 0) await this.#options.credentials.requireVault()
  }

  /** Its connections end with `close`. Throws `vault_locked` where stored secrets go on. */
  open(draft: SystemDraft): { access: Access; close: () => Promise<void> } {
    const { system: all, credentials, authorizations, connectTimeoutMs, log } = this.#options
    refuseOvertaken(draft, all)
    const { system, former, given, kept } = draft
    const { record, way, origins } = system
    const stored = former === undefined ? new Map<string, string>() : credentials.plain(former.record, former.secrets)
    const fields = new Map([...[...stored].filter(([place]) => kept.has(place)), ...given])
    const clients = new SystemClients({ connectTimeoutMs })
    const token: TokenSource | undefined =
      former === undefined || this.needsSignIn(draft) ? undefined : authorizations.tokenFor(former)
    const secrets = { ...restSecrets(record, fields), ...(token && { token }) }
    const access = new Access(
      {
        record,
        way,
        origins,
        secrets: () => secrets,
        secret: (name) => {
          const field = way.fields.find((one) => one.name === name)
          return field && fields.get(placeOfField(field))
        },
        redact: (text) => log.redactor.text(text),
      },
      clients,
    )
    return { access, close: () => clients.closeAll() }
  }

  #given(way: RegistryWay, input: SetupInput, former: HeldIntegration | undefined): Given {
    const problems: ErrorDetail[] = []
    const fields = new Map(way.fields.map((field) => [field.name, field]))
    problems.push(...unknownFields(fields, input))
    const values = withDefaults(way.fields, input.values)
    const stored = new Set(former?.secrets.map(({ field }) => field))
    const secrets = new Map<string, string>()
    const kept = new Set<string>()
    for (const field of way.fields.filter((one) => isShown(one, values))) {
      const value = field.kind === 'secret' ? input.credentials[field.name] : values[field.name]
      const place = placeOfField(field)
      if (!isGiven(value)) {
        if (field.kind === 'secret' && stored.has(place)) kept.add(place)
        else if (field.required) problems.push({ path: pathOf(field), message: `${field.label} is missing.` })
        continue
      }
      const problem = valueProblem(field, value) ?? credentialProblem(field, value)
      if (problem !== undefined) problems.push({ path: pathOf(field), message: problem })
      else if (field.kind === 'secret' || field.credential !== undefined) secrets.set(place, String(value))
    }
    refuse(problems)
    return { way, values, secrets, kept }
  }

  #refuseUnfit({ record, way }: SystemRecord, sealed: ReadonlySet<string>): void {
    try {
      refuse(credentialProblems(record, sealed))
      this.#options.rules.refuseOwnAddress(record, record.rest.tools)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const details = error.details.map(({ path, message }) => ({ path: fieldBehind(way, path) ?? path, message }))
      throw new AppError(error.code, { message: error.message, details, cause: error })
    }
  }

  /** Threat: stored secrets that follow a changed address to somebody else's server. */
  #refuseCarriedAway(former: HeldIntegration, system: SystemRecord, kept: ReadonlySet<string>): void {
    const before = this.#options.system.recordOf(former)
    const known = new Set(before === undefined ? [] : originsOf(before))
    const stays = mayGo(former.record, system.record) && system.origins.every((url) => known.has(new URL(url).origin))
    if (stays) return
    const message = 'The stored secret belongs to another server. Enter the one for this server.'
    const carried = system.way.fields.filter((field) => kept.has(placeOfField(field)))
    refuse(carried.map((field) => ({ path: pathOf(field), message })))
  }

  #forgotten(
    former: HeldIntegration,
    record: RestRecord,
    given: ReadonlyMap<string, string>,
    kept: ReadonlySet<string>,
  ): SystemDraft['forgetOAuth'] {
    const before = this.#options.credentials.clientId(former.record, former.record, former.secrets)
    const clientId = given.get('client_id') ?? (kept.has('client_id') ? before : undefined)
    return forgottenBy({ settings: former.record, clientId: before }, { settings: record, clientId })
  }
}

function wayOf(entry: SystemEntry, id: string): RegistryWay {
  const way = entry.ways.find((one) => one.id === id)
  if (way !== undefined) return way
  const message = `${entry.display_name} is set up by one of ${entry.ways.map((one) => one.id).join(', ')}.`
  throw new AppError('invalid_input', { message, details: [{ path: 'way', message }] })
}

function unknownFields(
  fields: ReadonlyMap<string, RegistryField>,
  { values, credentials }: Pick<SetupInput, 'values' | 'credentials'>,
): ErrorDetail[] {
  const message = 'There is no such field.'
  const isSecret = (name: string) => fields.get(name)?.kind === 'secret'
  return [
    ...Object.keys(values)
      .filter((name) => !fields.has(name) || isSecret(name))
      .map((name) => ({ path: `values.${name}`, message })),
    ...Object.keys(credentials)
      .filter((name) => !isSecret(name))
      .map((name) => ({ path: `credentials.${name}`, message })),
  ]
}

/** What the API would say of it as a credential of a custom integration. */
function credentialProblem({ credential }: RegistryField, value: unknown): string | undefined {
  if (credential === undefined) return undefined
  const parsed = Credentials.safeParse({ [credential]: value })
  return parsed.success ? undefined : (parsed.error.issues[0]?.message ?? 'This is not valid.')
}

/** What was given and is asked for. Defaults are not stored: those of a newer Gatehouse may be better. */
function shownValues(
  way: RegistryWay,
  given: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>>,
): [string, unknown][] {
  return way.fields
    .filter(({ name }) => isGiven(given[name]) && Object.hasOwn(values, name))
    .map(({ name }) => [name, values[name]])
}

function newRecord(workspace: string, name: string): RestRecord {
  const now = new Date().toISOString()
  return {
    id: randomUUID(),
    workspace,
    name,
    displayName: '',
    description: '',
    logoUrl: '',
    logo: null,
    category: '',
    status: 'active',
    authType: 'none',
    authHeaderPrefix: 'Bearer',
    auth: {},
    enabledTools: [],
    disabledTools: [],
    onDefinitionChange: 'hold',
    system: null,
    createdAt: now,
    updatedAt: now,
    protocol: 'rest',
    rest: EMPTY_REST,
  }
}

/** Replaced with what the registry says. */
const EMPTY_REST: RestRecord['rest'] = {
  base_url: '',
  headers: {},
  tools: [],
  source: null,
  timeout_s: 60,
  max_concurrency: 16,
  retries: 2,
  max_answer_kib: 256,
  credential_origins: [],
}

function originsOf({ record, origins }: SystemRecord): string[] {
  const all = [record.rest.base_url, ...record.rest.credential_origins, ...origins]
  return all.filter(isGiven).map((url) => new URL(url).origin)
}
