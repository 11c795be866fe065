import { isIdempotent } from '../../../shared/http-methods.ts'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Dispatcher } from 'undici'
import { AppError } from '../../base/app-error.ts'
import { InFlight } from '../../base/in-flight.ts'
import { asError } from '../../upstream/request-errors.ts'
import { ACCEPT_ENCODING, decodedBody } from '../answer/decoded-body.ts'
import { Dispatchers } from './dispatchers.ts'
import type { BuiltRequest } from '../request/request-builder.ts'
import { apiError, fieldError, mayPass } from './rest-errors.ts'
import type { RestPlace } from '../rest-place.ts'
import { retryAfterMs } from './retry-after.ts'
import { Slots } from './slots.ts'

export interface ApiResponse {
  status: number
  headers: [string, string][]
  header: (name: string) => string | undefined
  /** Unpacked. To be read while the reader of the response runs. */
  body: Readable
  /** Of the request that was answered: after redirects another one. */
  method: string
  url: URL
  /** A redirect to another origin, which was not followed. */
  foreignTarget: URL | undefined
}

export interface ApiClientOptions {
  place: RestPlace
  tlsKey?: string | undefined
  connectTimeoutMs: number
  /** Which addresses an origin may have that is not the API's own. Left out: those of the internet. */
  isPublic?: (address: string) => boolean
}

const MAX_REDIRECTS = 5
const MAX_WAITING = 1_000
/** An API that wants a longer pause is not waited for: the agent is told how long it is. */
const MAX_RETRY_AFTER_MS = 20_000
const FIRST_PAUSE_MS = 250
const REDIRECTS = new Set([301, 302, 303, 307, 308])

/** Sends requests to one API: so many at a time, again where that is safe, and redirected only within an origin. */
export class ApiClient {
  readonly #place: RestPlace
  readonly #connectTimeoutMs: number
  readonly #dispatchers: Dispatchers
  readonly #slots: Slots
  /** Those on their way. */
  readonly #calls = new InFlight<AbortController>()
  #isClosed = false

  constructor({ place, tlsKey, connectTimeoutMs, isPublic }: ApiClientOptions) {
    this.#place = place
    this.#connectTimeoutMs = connectTimeoutMs
    this.#dispatchers = new Dispatchers({ place, tlsKey, connectTimeoutMs, ...(isPublic && { isPublic }) })
    this.#slots = new Slots(place.max_concurrency, MAX_WAITING)
  }

  /**
   * What `read` makes of the answer. Rejects with AppError where there was none, and with the signal's reason. One attempt
   * takes at most the timeout, reading included.
   */
  async exchange<Result>(
    request: BuiltRequest,
    read: (response: ApiResponse) => Promise<Result>,
    signal?: AbortSignal,
  ): Promise<Result> {
    if (this.#isClosed) throw stopped()
    signal?.throwIfAborted()
    // One for all reasons to end: composed signals cost more than a small request.
    const call = new AbortController()
    const stop = () => call.abort(signal?.reason)
    signal?.addEventListener('abort', stop, { once: true })
    const place = this.#calls.add(call)
    try {
      return await this.#slots.run(() => this.#attempts(request, read, call), call.signal)
    } finally {
      this.#calls.remove(place)
      signal?.removeEventListener('abort', stop)
    }
  }

  /** Ends all that is on its way. */
  async close(): Promise<void> {
    this.#isClosed = true
    for (const call of this.#calls) call.abort(stopped())
    await this.#dispatchers.close()
  }

  async #attempts<Result>(
    request: BuiltRequest,
    read: (response: ApiResponse) => Promise<Result>,
    call: AbortController,
  ): Promise<Result> {
    const { signal } = call
    let left = isIdempotent(request.method) ? this.#place.retries : 0
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs *= 2) {
      let pause = pauseMs
      try {
        const done = await this.#attempt(request, read, left > 0, call)
        if ('result' in done) return done.result
        pause = done.retryAfterMs ?? pauseMs
      } catch (error) {
        if (left === 0 || !mayPass(error)) throw error
      }
      await wait(pause, undefined, { signal }).catch(() => undefined)
      if (signal.aborted) throw asError(signal.reason)
      left--
    }
  }

  /** One attempt: its result, or how long to wait for another one. */
  async #attempt<Result>(
    request: BuiltRequest,
    read: (response: ApiResponse) => Promise<Result>,
    mayRepeat: boolean,
    call: AbortController,
  ): Promise<{ result: Result } | { retryAfterMs: number | undefined }> {
    const { timeout_s } = this.#place
    const timeout = setTimeout(() => call.abort(tooSlow(request, timeout_s)), timeout_s * 1_000)
    let body: Readable | undefined
    try {
      const response = await this.#follow(request, call.signal)
      body = response.body
      if (mayRepeat && (response.status === 429 || response.status === 503)) {
        const pause = retryAfterMs(response.header('retry-after'), Date.now())
        if (pause === undefined || pause <= MAX_RETRY_AFTER_MS) return { retryAfterMs: pause }
      }
      return { result: await read(response) }
    } catch (error) {
      if (call.signal.aborted) throw asError(call.signal.reason)
      throw error instanceof AppError || !(error instanceof Error)
        ? error
        : apiError(request.url, error, this.#connectTimeoutMs)
    } finally {
      clearTimeout(timeout)
      // What nobody reads on ends with its connection.
      if (body?.readableEnded === false) body.on('error', () => undefined).destroy()
    }
  }

  async #follow(request: BuiltRequest, signal: AbortSignal): Promise<ApiResponse> {
    let current = request
    for (let redirects = 0; ; redirects++) {
      const { answer, response } = await this.#send(current, signal)
      const target = REDIRECTS.has(response.status) ? targetOf(response) : undefined
      if (target === undefined) return response
      if (target.origin !== current.url.origin) return { ...response, foreignTarget: target }
      answer.body.on('error', () => undefined)
      await answer.body.dump({ limit: 64 * 1024 }).catch(() => undefined)
      if (redirects === MAX_REDIRECTS) {
        const message = `The API redirects more than ${MAX_REDIRECTS} times, last to ${target.pathname}.`
        throw fieldError('upstream_invalid', 'rest.base_url', message)
      }
      current = redirected(current, response.status, target)
    }
  }

  async #send(
    { method, url, headers, body, isTrusted }: BuiltRequest,
    signal: AbortSignal,
  ): Promise<{ answer: Dispatcher.ResponseData; response: ApiResponse }> {
    const dispatcher = await this.#dispatchers.for(url, isTrusted)
    const answer = await dispatcher.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method,
      headers: [...headers, ['accept-encoding', ACCEPT_ENCODING]].flat(),
      body: body ?? null,
      signal,
      responseHeaders: null,
    })
    const list = Object.entries(answer.headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [value].flat().map((item) => [name, item]),
    )
    const header = (name: string) => list.find(([key]) => key === name)?.[1]
    const isEmpty = method === 'HEAD' || answer.statusCode === 204 || answer.statusCode === 304
    const coding = isEmpty ? '' : (header('content-encoding') ?? '')
    const response = {
      status: answer.statusCode,
      headers: list,
      header,
      body: decodedBody(answer.body, coding),
      method,
      url,
      foreignTarget: undefined,
    }
    return { answer, response }
  }
}

function targetOf({ header, url }: ApiResponse): URL | undefined {
  const location = header('location')
  return location !== undefined && URL.canParse(location, url.href) ? new URL(location, url) : undefined
}

/** What a redirect makes of a request (RFC 9110, 15.4): after 303, and after 301 and 302 of a POST, it is a GET. */
function redirected(request: BuiltRequest, status: number, url: URL): BuiltRequest {
  const { method, headers, isTrusted } = request
  const becomesGet = status === 303 ? method !== 'HEAD' : method === 'POST' && status !== 307 && status !== 308
  if (!becomesGet) return { ...request, url }
  return { method: 'GET', url, headers: headers.filter(([name]) => !/^content-/i.test(name)), isTrusted }
}

function stopped(): AppError {
  return new AppError('upstream_unavailable', { message: 'The integration was stopped.' })
}

function tooSlow({ method, url }: BuiltRequest, timeoutS: number): AppError {
  const known = isIdempotent(method) ? '' : ' Whether it was carried out is not known.'
  const message = `${url.host} did not answer ${method} ${url.pathname} in full within ${timeoutS} s.${known}`
  return fieldError('upstream_timeout', 'rest.timeout_s', message)
}
