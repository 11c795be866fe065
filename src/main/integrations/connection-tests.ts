import type { ConnectionDraft, TestResult, TestStep } from '../../shared/contract/integrations.ts'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import type { UpstreamSecrets, UpstreamSpec } from '../upstream/upstream.ts'
import { sameTarget } from './connection-target.ts'
import {
  credentialProblems,
  secretFields,
  upstreamSecrets,
  usedFields,
  type ConnectionSettings,
} from './credentials.ts'
import type { HeldIntegration } from './held-integration.ts'
import { refuse } from './refuse.ts'
import { fieldsOf, type SealedCredentials } from './sealed-credentials.ts'

/** Connects once, tells each step, and leaves nothing behind. */
export type Probe = (
  spec: Pick<UpstreamSpec, 'slug' | 'mcp' | 'secrets'>,
  signal: AbortSignal,
) => AsyncGenerator<TestStep, TestResult>

/** Tries connections without touching the ones that serve. */
export class ConnectionTests {
  readonly #probe: Probe
  readonly #credentials: SealedCredentials
  readonly #log: Logger

  constructor(probe: Probe, credentials: SealedCredentials, log: Logger) {
    this.#probe = probe
    this.#credentials = credentials
    this.#log = log
  }

  /** The stored settings. */
  async ofStored({ record, secrets }: HeldIntegration, signal: AbortSignal): Promise<TestResult> {
    const unsealed = this.#credentials.unseal(record, record, secrets)
    const steps = this.#probe({ slug: record.name, mcp: record.mcp, secrets: () => unsealed }, signal)
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
    const { mcp, auth_type: authType, auth_header_prefix: authHeaderPrefix, auth } = draft
    const settings = { mcp, authType, authHeaderPrefix, auth }
    const secrets =
      draft.credentials === undefined && stored !== undefined
        ? this.#fromStored(settings, stored)
        : this.#fromDraft(settings, draft)
    return this.#probe({ slug: draft.name ?? 'new', mcp, secrets: () => secrets }, signal)
  }

  #fromDraft(settings: ConnectionSettings, { credentials = {} }: ConnectionDraft): UpstreamSecrets {
    const fields = secretFields(credentials)
    refuse(credentialProblems(settings, fields.keys(), credentials))
    for (const secret of fields.values()) this.#log.redactor.register(secret)
    return upstreamSecrets(settings, fields)
  }

  /** Only for the server that they were given for: a draft must not carry stored secrets to another one. */
  #fromStored(settings: ConnectionSettings, { record, secrets }: HeldIntegration): UpstreamSecrets {
    const fields = fieldsOf(secrets)
    refuse(credentialProblems(settings, fields))
    if (usedFields(settings, fields).length > 0 && !sameTarget(record.mcp, settings.mcp)) {
      const message = 'The stored credentials belong to another server. Enter the credentials for this one to test it.'
      throw new AppError('invalid_input', { message, details: [{ path: 'credentials', message }] })
    }
    return this.#credentials.unseal(record, settings, secrets)
  }
}
