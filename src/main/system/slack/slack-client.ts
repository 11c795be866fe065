import type { WebClient, WebClientOptions } from '@slack/web-api'
import { z } from 'zod'
import type { Exchange } from '../../notifications/channel-adapter.ts'
import { isObject } from '../../base/is-object.ts'
import { retryAfterMs } from '../../rest/client/retry-after.ts'
import { tokenLate } from '../../upstream/http-errors.ts'
import { waitFor } from '../../upstream/outcome.ts'
import type { SystemAccess, SystemAnswer } from '../system-adapter.ts'
import { httpProblem, notSlack, rateLimited, refusal, SlackProblem } from './slack-problem.ts'

type Fetch = NonNullable<WebClientOptions['fetch']>
type FetchResponse = Awaited<ReturnType<Fetch>>
type Arguments = Readonly<Record<string, unknown>>

interface SlackClientOptions {
  timeoutMs?: number
  /** What went over the wire is kept here, where somebody wants to see it. */
  exchanges?: Exchange[]
}

const TIMEOUT_MS = 15_000
/** Of one answer as it is noted: whoever stores it cuts it further. */
const MAX_NOTED = 16_384

/** That another token may be accepted, which Slack says with 200: it did nothing. */
const OF_TOKEN = ['token_expired', 'invalid_auth', 'token_revoked']

/**
 * Slack's Web API for one use, with the token as it is now. A call is made once, and again only with another token where
 * Slack did not accept the first: trying again is up to agents and to the outbox, which know how long they want to wait.
 * Rejects with SlackProblem for what Slack says, and with AppError where
 * there was no answer.
 */
export class SlackClient {
  readonly #access: SystemAccess
  readonly #signal: AbortSignal
  readonly #timeoutMs: number
  readonly #exchanges: Exchange[] | undefined
  #web: Promise<WebClient> | undefined
  #scopes: readonly string[] | undefined

  constructor(
    access: SystemAccess,
    signal: AbortSignal,
    { timeoutMs = TIMEOUT_MS, exchanges }: SlackClientOptions = {},
  ) {
    this.#access = access
    this.#signal = signal
    this.#timeoutMs = timeoutMs
    this.#exchanges = exchanges
  }

  /** What the token may do, as the last answer said. Undefined: none said. */
  get scopes(): readonly string[] | undefined {
    return this.#scopes
  }

  /** What the answer says that `shape` names, and no more. */
  async call<Shape extends z.ZodType>(method: string, args: Arguments, shape: Shape): Promise<z.output<Shape>> {
    const answer = await this.#askWithToken(method, args)
    const read = shape.safeParse(answer)
    if (!read.success) throw notSlack(`${method} left out what it has to say`)
    return read.data
  }

  /** To the address that `files.getUploadURLExternal` named. */
  async upload(url: string, content: Uint8Array): Promise<void> {
    const { status } = await this.#access.request(
      {
        method: 'POST',
        path: url,
        bytes: { type: 'application/octet-stream', content },
        timeoutMs: this.#timeoutMs,
      },
      this.#signal,
    )
    if (status !== 200) throw httpProblem(status, undefined)
  }

  async #askWithToken(method: string, args: Arguments): Promise<Record<string, unknown>> {
    const sent = await this.#token()
    try {
      return await this.#ask(method, args)
    } catch (error) {
      if (sent === undefined || !isRefusal(error, ...OF_TOKEN)) throw error
      // A token that was pasted is the same again.
      if ((await this.#token(sent)) === sent) throw error
      return await this.#ask(method, args)
    }
  }

  async #token(refused?: string): Promise<string | undefined> {
    const late = () => tokenLate(this.#timeoutMs)
    const limits = { timeoutMs: this.#timeoutMs, late, signal: this.#signal }
    return await waitFor(this.#access.authorization(refused), limits)
  }

  async #ask(method: string, args: Arguments): Promise<Record<string, unknown>> {
    this.#web ??= this.#open()
    const web = await this.#web
    try {
      const answer: unknown = await web.apiCall(method, args)
      const { scopes } = metadataOf(answer)
      if (scopes !== undefined) this.#scopes = scopes
      return isObject(answer) ? answer : {}
    } catch (error) {
      this.#signal.throwIfAborted()
      throw problemOf(error, method)
    }
  }

  async #open(): Promise<WebClient> {
    // Loaded when it is first used: it takes 15 MiB.
    const { WebClient } = await import('@slack/web-api')
    return new WebClient(undefined, {
      slackApiUrl: SLACK,
      allowAbsoluteUrls: false,
      retryConfig: { retries: 0 },
      rejectRateLimitedCalls: true,
      logger: SILENT,
      fetch: (url, init) => this.#fetch(String(url), init),
    })
  }

  /** Our own way to the service: its credentials, certificates, proxy and limits are the same for all integrations. */
  async #fetch(url: string, init: Parameters<Fetch>[1]): Promise<FetchResponse> {
    const method = url.slice(SLACK.length)
    const form = [...new URLSearchParams(typeof init?.body === 'string' ? init.body : '')]
    const answer = await this.#access
      .request({ method: 'POST', path: `/${method}`, form, timeoutMs: this.#timeoutMs }, this.#signal)
      .catch((error: unknown) => {
        this.#note(method, form, undefined)
        throw error
      })
    this.#note(method, form, answer)
    const pauseMs = retryAfterMs(answer.headers.get('retry-after'), Date.now())
    if (answer.status === 429) throw rateLimited(pauseMs)
    if (answer.status !== 200) throw httpProblem(answer.status, pauseMs)
    if (!isObject(answer.body) || typeof answer.body.ok !== 'boolean') throw notSlack('that is not its JSON')
    return asFetched(url, answer)
  }

  #note(method: string, form: readonly (readonly [string, string])[], answer: SystemAnswer | undefined): void {
    this.#exchanges?.push({
      request: {
        method: 'POST',
        url: `${this.#access.baseUrl.replace(/\/$/, '')}/${method}`,
        headers: { authorization: 'Bearer ••••', 'content-type': 'application/x-www-form-urlencoded' },
        // One parameter a line, as a person can read it.
        body: form.map(([name, value]) => `${name}=${value}`).join('\n'),
      },
      answer: answer === undefined ? null : { status: String(answer.status), body: textOf(answer.body) },
    })
  }
}

/** Stands for the base URL, which is ours to know. */
const SLACK = 'https://slack.invalid/api/'

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => 'error' as never,
  setName: () => undefined,
}

function asFetched(url: string, { status, headers, body }: SystemAnswer): FetchResponse {
  const text = () => Promise.resolve(JSON.stringify(body))
  return {
    ok: true,
    status,
    statusText: '',
    url,
    headers: { get: (name) => headers.get(name.toLowerCase()) ?? null, entries: () => headers.entries() },
    arrayBuffer: async () => new TextEncoder().encode(await text()).buffer,
    json: () => Promise.resolve(body),
    text,
  }
}

/** The library wraps what our `fetch` throws. */
function problemOf(error: unknown, method: string): unknown {
  if (!(error instanceof Error)) return error
  if ('original' in error) return error.original
  const data = 'data' in error && isObject(error.data) ? error.data : undefined
  if (typeof data?.error !== 'string') return error
  const { messages, retryAfter } = metadataOf(data)
  const pauseMs = retryAfter === undefined ? undefined : retryAfter * 1000
  return refusal(data.error, method, { ...data, messages: messages ?? [], retryAfterMs: pauseMs })
}

const Metadata = z.object({
  response_metadata: z
    .object({
      scopes: z.array(z.string()).optional(),
      messages: z.array(z.string()).optional().catch(undefined),
      retryAfter: z.number().optional(),
    })
    .optional(),
})

function metadataOf(answer: unknown): NonNullable<z.output<typeof Metadata>['response_metadata']> {
  return Metadata.safeParse(answer).data?.response_metadata ?? {}
}

function textOf(body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return text.slice(0, MAX_NOTED)
}

/** Whether it is what Slack said with one of these names. */
export function isRefusal(error: unknown, ...codes: string[]): error is SlackProblem {
  return error instanceof SlackProblem && codes.includes(error.code)
}
