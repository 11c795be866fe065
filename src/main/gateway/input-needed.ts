import { isObject } from '../base/is-object.ts'
import { elements, members, spanOf } from '../base/json-members.ts'
import { methodNotFound } from '../upstream/nobody.ts'
import type { ServerRequest, UpstreamAnswer } from '../upstream/upstream.ts'
import { refusal } from './agent-requests.ts'
import type { Message } from './message.ts'
import { META, RPC } from './protocol.ts'

/** Requests of one call that wait at the same time. */
const MOST_OPEN = 16

interface Question {
  method: string
  params: Buffer | undefined
  answer(given: UpstreamAnswer): void
}

/**
 * What a legacy server wants to know before it answers one call, in the form of 2026-07-28: requests by keys of ours, which
 * the agent answers with its next try. What it leaves out is asked again.
 */
export class InputNeeded {
  readonly #open = new Map<string, Question>()
  #lastKey = 0

  get isEmpty(): boolean {
    return this.#open.size === 0
  }

  /** Resolves with what goes back to the server; never rejects. */
  ask({ method, params, signal }: ServerRequest): Promise<UpstreamAnswer> {
    if (this.#open.size >= MOST_OPEN) return Promise.resolve(methodNotFound(method))
    return new Promise((resolve) => {
      const key = `input-${++this.#lastKey}`
      const answer = (given: UpstreamAnswer): void => {
        if (!this.#open.delete(key)) return
        signal.removeEventListener('abort', cancel)
        resolve(given)
      }
      const cancel = (): void => answer(refusal(RPC.internalError, 'The request was cancelled.'))
      this.#open.set(key, { method, params, answer })
      signal.addEventListener('abort', cancel, { once: true })
      if (signal.aborted) cancel()
    })
  }

  /** Gives the answers in a retry to the server. Wrong keys, and what is no answer, count as not given. */
  answered({ bytes, params, paramsSpan }: Message): void {
    const { inputResponses } = params
    if (!isObject(inputResponses)) return
    const span = spanOf(bytes, 'inputResponses', paramsSpan?.[0])
    for (const [key, [from, to]] of members(bytes, span?.[0])) {
      const value = Object.hasOwn(inputResponses, key) ? inputResponses[key] : undefined
      if (isObject(value)) this.#open.get(key)?.answer({ kind: 'result', bytes: bytes.subarray(from, to), value })
    }
  }

  /** The `result` of a request that cannot be answered yet. `state` continues it. */
  result(state: string, serverInfo: string): Buffer {
    const requests = [...this.#open].map(([key, { method, params }]) => {
      const own = params === undefined ? '' : `,"params":${params.toString()}`
      return `"${key}":{"method":${JSON.stringify(method)}${own}}`
    })
    return Buffer.from(
      `{"resultType":"input_required","inputRequests":{${requests.join(',')}},"requestState":"${state}",` +
        `"_meta":{"${META.serverInfo}":${serverInfo}}}`,
    )
  }
}

/** A page that a person has to visit, as a request of the server. */
export type Visit = Pick<ServerRequest, 'method' | 'params' | 'value'>

/** The visits without which a server does not take a call: `data.elicitations` of error -32042, up to 2025-11-25. */
export function readVisits({ bytes, value }: UpstreamAnswer): Visit[] {
  const { code, data } = isObject(value) ? value : {}
  if (code !== RPC.urlElicitationRequired || !isObject(data) || !Array.isArray(data.elicitations)) return []
  const dataSpan = spanOf(bytes, 'data')
  const span = spanOf(bytes, 'elicitations', dataSpan?.[0])
  const listed: readonly unknown[] = data.elicitations
  return elements(bytes, span?.[0]).flatMap(([from, to], index) => {
    const elicitation = listed[index]
    if (!isObject(elicitation) || elicitation.mode !== 'url') return []
    return [{ method: 'elicitation/create', params: bytes.subarray(from, to), value: elicitation }]
  })
}
