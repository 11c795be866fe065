import type { ConnectionDraft, RestConnectionDraft, TestResult, TestStep } from '../../shared/contract/integrations.ts'
import { AppError } from '../base/app-error.ts'
import type { TokenSource } from '../upstream/token-source.ts'
import type { McpUpstreamSpec, RestSecrets, RestTarget, RestUpstreamSpec } from '../upstream/upstream.ts'
import { forgottenBy, mayGo } from './authorization-identity.ts'
import { sameTarget } from './connection-target.ts'
import { credentialProblems } from './credential-problems.ts'
import {
  isOverHttp,
  restSecrets,
  secretFields,
  upstreamSecrets,
  usedFields,
  type ConnectionSettings,
} from './credentials.ts'
import type { HeldIntegration } from './held-integration.ts'
import type { IntegrationAuthorizations } from './integration-authorizations.ts'
import { refuse } from './refuse.ts'
import { fieldsOf, type SealedCredentials } from './sealed-credentials.ts'

/** Connects once, tells each step, and leaves nothing behind. */
export type Probe = (target: ProbeTarget, signal: AbortSignal) => AsyncGenerator<TestStep, TestResult>
export type ProbeTarget =
  | Pick<McpUpstreamSpec, 'protocol' | 'slug' | 'mcp' | 'secrets'>
  | Pick<RestUpstreamSpec, 'protocol' | 'slug' | 'rest' | 'secrets'>

/** A REST API as a draft describes it: what a tool that is not stored is tried with. */
export interface RestDraft {
  rest: RestTarget
  secrets: RestSecrets
}

/** Tries connections without touching the ones that serve. */
export class ConnectionTests {
  readonly #probe: Probe
  readonly #credentials: SealedCredentials
  readonly #authorizations: IntegrationAuthorizations

  constructor(probe: Probe, credentials: SealedCredentials, authorizations: IntegrationAuthorizations) {
    this.#probe = probe
    this.#credentials = credentials
    this.#authorizations = authorizations
  }

  /** The stored settings. */
  async ofStored(held: HeldIntegration, signal: AbortSignal): Promise<TestResult> {
    const steps = this.#probe(this.#storedTarget(held), signal)
    let step = await steps.next()
    while (step.done !== true) step = await steps.next()
    return step.value
  }

  /** Settings before they are stored. Secrets that the draft leaves out come from `stored`. */
  ofDraft(
    draft: ConnectionDraft,
    stored: HeldIntegration | undefined,
    signal: AbortSignal,
  ): AsyncGenerator<TestStep, TestResult> {
    const slug = draft.name ?? 'new'
    if (draft.protocol === 'rest') {
      const { rest, secrets } = this.restDraft(draft, stored)
      return this.#probe({ protocol: 'rest', slug, rest, secrets: () => secrets }, signal)
    }
    const { mcp } = draft
    const settings = { ...authenticationOf(draft), protocol: draft.protocol, mcp }
    const secrets = this.#usesStored(settings, draft, stored)
      ? this.#credentials.forMcp(stored.record, settings, stored.secrets)
      : upstreamSecrets(settings, this.#given(settings, draft))
    const token = this.#tokenFor(settings, draft, stored)
    return this.#probe({ protocol: 'mcp', slug, mcp, secrets: () => ({ ...secrets, ...token }) }, signal)
  }

  /** The same of a REST API, to be called once. Tools that are left out come from `stored` as well. */
  restDraft(draft: RestConnectionDraft, stored: HeldIntegration | undefined): RestDraft {
    const { source: _source, tools, ...place } = draft.rest
    const settings = { ...authenticationOf(draft), protocol: draft.protocol, rest: place }
    const secrets = this.#usesStored(settings, draft, stored)
      ? this.#credentials.forRest(stored.record, settings, stored.secrets)
      : restSecrets(settings, this.#given(settings, draft))
    const known = stored?.record.protocol === 'rest' ? stored.record.rest.tools : []
    const token = this.#tokenFor(settings, draft, stored)
    return { rest: { ...place, tools: tools ?? known }, secrets: { ...secrets, ...token } }
  }

  /** The same of the stored settings. Undefined: it is an MCP server. */
  restAccess(held: HeldIntegration): RestDraft | undefined {
    const { record, secrets: rows } = held
    if (record.protocol === 'mcp') return undefined
    return { rest: record.rest, secrets: { ...this.#credentials.forRest(record, record, rows), ...this.#stored(held) } }
  }

  #storedTarget(held: HeldIntegration): ProbeTarget {
    const { record, secrets: rows } = held
    if (record.protocol === 'mcp') {
      const secrets = this.#credentials.forMcp(record, record, rows)
      const { name: slug, mcp } = record
      return { protocol: 'mcp', slug, mcp, secrets: () => ({ ...secrets, ...this.#stored(held) }) }
    }
    const secrets = this.#credentials.forRest(record, record, rows)
    const { name: slug, rest } = record
    return { protocol: 'rest', slug, rest, secrets: () => ({ ...secrets, ...this.#stored(held) }) }
  }

  /** Throws where nobody has signed in. */
  #stored(held: HeldIntegration): { token?: TokenSource } {
    const token = this.#authorizations.tokenFor(held)
    return token === undefined ? {} : { token }
  }

  /** The stored grant where it is for what the draft says. */
  #tokenFor(
    settings: ConnectionSettings,
    draft: ConnectionDraft,
    stored: HeldIntegration | undefined,
  ): { token?: TokenSource } {
    if (settings.authType !== 'oauth2' || !isOverHttp(settings)) return {}
    const { credentials } = draft
    const fields = credentials === undefined ? this.#client(stored) : secretFields(credentials)
    if (stored?.record.authType === 'oauth2') {
      const { record, secrets } = stored
      const before = { settings: record, clientId: this.#credentials.clientId(record, record, secrets) }
      const after = { settings, clientId: fields.get('client_id') }
      const isGranted = stored.oauth.length > 0 && sameTarget(record, settings)
      if (isGranted && forgottenBy(before, after) === undefined) return this.#stored(stored)
    }
    const name = draft.name ?? 'this server'
    // What was given for one authorization server goes to no other, whatever the server names now.
    const client = credentials === undefined && stored !== undefined ? this.#authorizations.clientOf(stored) : undefined
    return { token: this.#authorizations.tokenForDraft(settings, { fields, name, client }) }
  }

  #client(stored: HeldIntegration | undefined): ReadonlyMap<string, string> {
    if (stored === undefined) return new Map()
    const { record, secrets } = stored
    return this.#credentials.forClient(record, { ...record, authType: 'oauth2' }, secrets)
  }

  #given(settings: ConnectionSettings, { credentials = {} }: ConnectionDraft): ReadonlyMap<string, string> {
    const fields = secretFields(credentials)
    refuse(credentialProblems(settings, fields.keys(), credentials))
    this.#credentials.register(fields)
    return new Map([...fields].filter(([field]) => usedFields(settings, [field]).length > 0))
  }

  /** Only for the server that they were given for: a draft must not carry stored secrets to another one. */
  #usesStored(
    settings: ConnectionSettings,
    draft: ConnectionDraft,
    stored: HeldIntegration | undefined,
  ): stored is HeldIntegration {
    if (draft.credentials !== undefined || stored === undefined) return false
    const fields = fieldsOf(stored.secrets)
    refuse(credentialProblems(settings, fields))
    if (usedFields(settings, fields).length > 0 && !mayGo(stored.record, settings)) {
      const message = 'The stored credentials belong to another server. Enter the credentials for this one to test it.'
      throw new AppError('invalid_input', { message, details: [{ path: 'credentials', message }] })
    }
    return true
  }
}

function authenticationOf({ auth_type: authType, auth_header_prefix: authHeaderPrefix, auth }: ConnectionDraft) {
  return { authType, authHeaderPrefix, auth }
}
