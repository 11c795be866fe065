import { AppError } from '../base/app-error.ts'
import { isLinkLocalAddress } from '../base/public-address.ts'
import { ApiClient } from '../rest/client/api-client.ts'
import { sendAuthorized } from '../rest/authorized-request.ts'
import { restSecretFilter } from '../rest/rest-secret-filter.ts'
import type { RestRecord } from '../store/integrations-store.ts'
import type { RestSecrets } from '../upstream/upstream.ts'
import type { RegistryWay } from './registry-schema.ts'
import { withDefaults } from './setup-defaults.ts'
import type { SystemAccess, SystemAnswer, SystemRequest } from './system-adapter.ts'
import { fieldBehind } from './setup-fields.ts'
import { systemAnswer, systemRequest } from './system-request.ts'

/** A system integration and what opens it; of a draft as of one that is stored. */
export interface AccessParts {
  record: RestRecord
  origins: readonly string[]
  way: RegistryWay
  /** Asked for with each use. Throws `vault_locked`, and where nobody has signed in. */
  secrets: () => RestSecrets
  /** A secret of the adapter's own. Throws `vault_locked`. */
  secret: (field: string) => string | undefined
  /** Masks the secrets in a text. */
  redact: (text: string) => string
}

/** Keeps connections open between requests, those of one integration as long as it is reached in the same way. */
export class SystemClients {
  readonly #connectTimeoutMs: number
  readonly #open = new Map<string, { rest: RestRecord['rest']; tlsKey: string | undefined; client: ApiClient }>()

  constructor({ connectTimeoutMs }: { connectTimeoutMs: number }) {
    this.#connectTimeoutMs = connectTimeoutMs
  }

  for({ id, rest }: RestRecord, { tlsKey }: RestSecrets): ApiClient {
    const open = this.#open.get(id)
    if (open?.rest === rest && open.tlsKey === tlsKey) return open.client
    void open?.client.close()
    // Whoever asks decides whether to ask again: a refusal for now is an answer like any other.
    const client = new ApiClient({
      place: { ...rest, retries: 0 },
      tlsKey,
      connectTimeoutMs: this.#connectTimeoutMs,
      // No document named one of its origins: the registry or an admin did, as the address of a relay in their network.
      isPublic: (address) => !isLinkLocalAddress(address),
    })
    this.#open.set(id, { rest, tlsKey, client })
    return client
  }

  async close(id: string): Promise<void> {
    const open = this.#open.get(id)
    this.#open.delete(id)
    await open?.client.close()
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((id) => this.close(id)))
  }
}

export class Access implements SystemAccess {
  readonly workspace: string
  readonly name: string
  readonly way: string
  readonly baseUrl: string
  readonly values: Readonly<Record<string, unknown>>
  readonly #parts: AccessParts
  readonly #clients: SystemClients

  constructor(parts: AccessParts, clients: SystemClients) {
    const { record, way } = parts
    this.workspace = record.workspace
    this.name = record.name
    this.way = way.id
    this.baseUrl = record.rest.base_url
    this.values = withDefaults(way.fields, record.system?.values ?? {})
    this.#parts = parts
    this.#clients = clients
  }

  secret(field: string): string | undefined {
    return this.#parts.secret(field)
  }

  redact(text: string): string {
    return this.#parts.redact(text)
  }

  async authorization(refused?: string): Promise<string | undefined> {
    const { headers, token } = this.#parts.secrets()
    if (token !== undefined && refused !== undefined) {
      return await token.renew({ authorization: refused, status: 401, challenge: undefined })
    }
    if (token !== undefined) return token.current() ?? (await token.renew())
    return Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization')?.[1]
  }

  async request(request: SystemRequest, signal: AbortSignal): Promise<SystemAnswer> {
    const { record, origins, secrets: secretsNow } = this.#parts
    const { rest } = record
    const secrets = secretsNow()
    const timeoutMs = Math.min(request.timeoutMs ?? Infinity, rest.timeout_s * 1_000)
    const timeout = AbortSignal.timeout(timeoutMs)
    const filter = restSecretFilter(secrets)
    try {
      return await sendAuthorized(systemRequest({ ...rest, origins }, request, secrets), systemAnswer, {
        client: this.#clients.for(record, secrets),
        filter,
        token: secrets.token,
        timeoutMs,
        signal: AbortSignal.any([signal, timeout]),
      })
    } catch (error) {
      if (timeout.aborted && !signal.aborted) throw this.#late(request, timeoutMs)
      throw this.#told(filter.error(error))
    }
  }

  /** About the field of the setup, and not about that of the REST API which it fills. */
  #told(error: unknown): unknown {
    if (!(error instanceof AppError)) return error
    const { code, cause } = error
    const details = error.details.flatMap(({ path, message }) => {
      const field = fieldBehind(this.#parts.way, path)
      return field === undefined ? [] : [{ path: field, message: this.redact(message) }]
    })
    return new AppError(code, { message: this.redact(error.message), details, integration: this.name, cause })
  }

  #late({ method, path }: SystemRequest, timeoutMs: number): AppError {
    const where = /^https?:/.test(path) ? new URL(path).host : this.baseUrl
    const message = `${where} did not answer ${method} in full within ${timeoutMs / 1_000} s.`
    return new AppError('upstream_timeout', { message, integration: this.name })
  }
}
