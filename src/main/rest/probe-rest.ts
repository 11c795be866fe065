import { lookup } from 'node:dns/promises'
import { AppError } from '../base/app-error.ts'
import { messageOf } from '../base/message-of.ts'
import type { TestResult, TestStep } from '../../shared/contract/integrations.ts'
import type { RestTool } from '../../shared/contract/rest.ts'
import { nothingAnswered } from '../upstream/http-errors.ts'
import { counted } from '../upstream/list-names.ts'
import { waitFor } from '../upstream/outcome.ts'
import { namesMetadata, SIGN_IN_HINT } from '../upstream/sign-in-hint.ts'
import { challengeOf, sendAuthorized } from './authorized-request.ts'
import { ApiClient } from './client/api-client.ts'
import { statusLine } from './answer/error-text.ts'
import { apiError, fieldError } from './client/rest-errors.ts'
import { offerOf } from './rest-offer.ts'
import { buildRequest } from './request/request-builder.ts'
import { restSecretFilter } from './rest-secret-filter.ts'
import type { RestSecrets, RestUpstreamSpec } from '../upstream/upstream.ts'

type Target = Pick<RestUpstreamSpec, 'rest' | 'secrets'>

export interface RestProbeOptions {
  connectTimeoutMs: number
  signal: AbortSignal
}

/** Longest that a test waits for an answer, whatever calls may take. */
const MAX_TIMEOUT_S = 30
/** The base URL itself, with a slash at its end only where it has one. */
const BASE_TOOL = {
  name: 'base',
  description: '',
  method: 'GET',
  path: '/',
  parameters: [],
  body: null,
} satisfies RestTool

/**
 * Tries a REST API, a step at a time: each step is told when it begins and how it ended. Whatever HTTP the base URL answers,
 * the API is there: few have anything at that address. Only one that says where one signs in, to whom no credential was sent,
 * needs something else first.
 */
export async function* probeRest(
  { rest, secrets }: Target,
  options: RestProbeOptions,
): AsyncGenerator<TestStep, TestResult> {
  const steps: TestStep[] = []
  const startedAt = performance.now()
  const since = (start: number) => Math.round(performance.now() - start)
  const run = new RestProbe(rest, secrets, options)
  try {
    for (const [step, work] of run.steps) {
      yield { step, state: 'running', message: '', duration_ms: 0 }
      const stepStartedAt = performance.now()
      const done = await settle(work)
      const told: TestStep = {
        step,
        state: done.error ? 'failed' : 'ok',
        message: done.message,
        duration_ms: since(stepStartedAt),
      }
      steps.push(told)
      yield told
      if (done.error) {
        const suggestion = run.signsIn ? ({ suggested_auth: 'oauth2' } as const) : {}
        return { ...NOTHING, ...suggestion, ...failure(done.error), steps, duration_ms: since(startedAt) }
      }
    }
    const duration = since(startedAt)
    const { tools } = run
    return {
      ...NOTHING,
      ok: true,
      message: `${run.answered} ${counted(tools.length, 'tools')} ready after ${duration} ms.`,
      steps,
      tool_count: tools.length,
      tool_names: tools,
      duration_ms: duration,
    }
  } finally {
    await run.close()
  }
}

const NOTHING = {
  ok: false,
  suggested_transport: null,
  suggested_auth: null,
  error: null,
  tool_count: 0,
  tool_names: [],
  protocol_version: null,
  server_info: null,
} satisfies Partial<TestResult>

class RestProbe {
  readonly #rest: Target['rest']
  readonly #secrets: Target['secrets']
  readonly #options: RestProbeOptions
  readonly #url: URL
  #client: ApiClient | undefined
  answered = ''
  /** The API says that tokens of OAuth are what it takes, and was sent no credential. */
  signsIn = false
  tools: string[] = []

  constructor(rest: Target['rest'], secrets: Target['secrets'], options: RestProbeOptions) {
    this.#rest = rest
    this.#secrets = secrets
    this.#options = options
    this.#url = new URL(rest.base_url)
  }

  get steps(): [TestStep['step'], () => Promise<string>][] {
    return [
      ['resolve', () => this.#resolve()],
      ['connect', () => this.#connect()],
      ['list', () => Promise.resolve(this.#list())],
    ]
  }

  async close(): Promise<void> {
    await this.#client?.close()
  }

  async #resolve(): Promise<string> {
    const { proxy_url } = this.#rest
    if (proxy_url !== undefined) return `${this.#url.hostname} is resolved by the proxy ${new URL(proxy_url).host}`
    const { connectTimeoutMs: timeoutMs, signal } = this.#options
    try {
      const limits = { timeoutMs, late: () => nothingAnswered(this.#url, timeoutMs), signal }
      const { address } = await waitFor(lookup(this.#url.hostname.replace(/^\[|\]$/g, '')), limits)
      return address
    } catch (error) {
      if (!(error instanceof Error)) throw error
      if (error instanceof AppError) throw fieldError(error.code, 'rest.base_url', error.message, error)
      throw apiError(this.#url, error, timeoutMs)
    }
  }

  async #connect(): Promise<string> {
    const { connectTimeoutMs, signal } = this.#options
    const secrets = this.#secrets()
    const filter = restSecretFilter(secrets)
    const place = { ...this.#rest, retries: 0, timeout_s: Math.min(this.#rest.timeout_s, MAX_TIMEOUT_S) }
    this.#client = new ApiClient({ place, tlsKey: secrets.tlsKey, connectTimeoutMs })
    const built = buildRequest(place, BASE_TOOL, {}, secrets)
    const url = new URL(this.#url)
    url.search = built.url.search
    try {
      const response = await sendAuthorized({ ...built, url }, (answer) => Promise.resolve(answer), {
        client: this.#client,
        filter,
        token: secrets.token,
        timeoutMs: place.timeout_s * 1_000,
        signal,
      })
      const { status } = response
      const where = `${response.url.host} answers ${statusLine(status)}`
      this.signsIn = status === 401 && isOpen(secrets) && namesMetadata(challengeOf(response))
      if (this.signsIn) throw new AppError('authorization_required', { message: `${where}. ${SIGN_IN_HINT}` })
      const isRefused = status === 401 || status === 403
      this.answered = isRefused
        ? `${where}: it is there, but ${whyRefused(secrets)} for the base URL itself. A tool may still be allowed.`
        : `${where}.`
      return this.answered
    } catch (error) {
      throw filter.error(error)
    }
  }

  #list(): string {
    const { tools } = offerOf(this.#rest.tools)
    this.tools = tools.tools.map(({ name }) => name)
    return [counted(this.tools.length, 'tools'), ...tools.warnings].join('. ')
  }
}

function whyRefused(secrets: RestSecrets): string {
  return isOpen(secrets) ? 'wants credentials, and has none' : 'the credentials were not accepted'
}

function isOpen({ headers, query, cookies, token }: RestSecrets): boolean {
  return token === undefined && [headers, query, cookies].every((credentials) => Object.keys(credentials).length === 0)
}

async function settle(work: () => Promise<string>): Promise<{ message: string; error?: AppError }> {
  try {
    return { message: await work() }
  } catch (cause) {
    const error =
      cause instanceof AppError ? cause : new AppError('upstream_unavailable', { message: messageOf(cause), cause })
    return { message: error.message, error }
  }
}

function failure({ code, message, details }: AppError): Pick<TestResult, 'message' | 'error'> {
  const field = details[0]?.path
  return { message, error: { code, message, ...(field !== undefined && { field }) } }
}
