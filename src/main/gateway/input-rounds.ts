import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { AppError } from '../base/app-error.ts'
import { abortSignalOf, type CancelSignal } from '../base/cancellation.ts'
import { isObject } from '../base/is-object.ts'
import { members, spanOf } from '../base/json-members.ts'
import { withFirstMember } from '../base/json-splice.ts'
import type { ServerAudience, ServerRequest, UpstreamAnswer } from '../upstream/upstream.ts'
import { canAnswer, INPUT_REQUESTS, type Capabilities } from './agent-capabilities.ts'
import { errorOf } from './answer.ts'
import { writeObject } from './era-bridge.ts'

/** A server that asks more often does not get on. As many as clients of 2026-07-28 allow. */
export const MOST_ROUNDS = 10
/** Before a round in which the server asks nothing: it only wants to be called again. */
const PACE_MS = 250

interface InputRoundsOptions {
  /** The agent that can be asked. */
  audience: Pick<ServerAudience, 'ask'>
  /** What that agent declared. */
  capabilities: Capabilities
  /** Makes the request again, with these members more in its `params`. */
  again: (added: ReadonlyMap<string, Buffer>) => Promise<UpstreamAnswer>
  signal: CancelSignal | undefined
}

/** Whether a modern server wants more input before it answers. */
export function needsInput({ kind, value }: UpstreamAnswer): boolean {
  return kind === 'result' && isObject(value) && value.resultType === 'input_required'
}

/**
 * Gets the input that a modern server needs from a legacy agent, as requests of the kind that it knows, and makes the
 * request again with the answers and the server's own `requestState`, until there is a result. Throws AppError
 * `upstream_invalid` where the agent cannot be asked this, or is asked too often.
 */
export async function fulfil(first: UpstreamAnswer, options: InputRoundsOptions): Promise<UpstreamAnswer> {
  let answer = first
  for (let round = 1; needsInput(answer); round++) {
    if (round > MOST_ROUNDS)
      throw invalid(`The integration asked for input more than ${MOST_ROUNDS} times in one call.`)
    const spans = members(answer.bytes)
    const added = new Map<string, Buffer>()
    const requests = readRequests(answer)
    const state = spans.get('requestState')
    if (requests.length > 0) {
      added.set('inputResponses', writeObject(await askAll(requests, options)))
    } else if (state === undefined) throw invalid('The integration asks for input without saying what.')
    else await wait(PACE_MS, undefined, options.signal && { signal: abortSignalOf(options.signal) })
    if (state !== undefined) added.set('requestState', answer.bytes.subarray(state[0], state[1]))
    answer = await options.again(added)
  }
  return answer
}

interface InputRequest extends Pick<ServerRequest, 'method' | 'params' | 'value'> {
  key: string
}

function readRequests({ bytes, value }: UpstreamAnswer): InputRequest[] {
  const { inputRequests } = value as { inputRequests?: unknown }
  if (!isObject(inputRequests)) return []
  const span = spanOf(bytes, 'inputRequests')
  return [...members(bytes, span?.[0])].map(([key, [start]]) => {
    const request = Object.hasOwn(inputRequests, key) ? inputRequests[key] : undefined
    if (!isObject(request) || typeof request.method !== 'string')
      throw invalid('The integration asks for no known input.')
    const params = spanOf(bytes, 'params', start)
    return {
      key,
      method: request.method,
      params: params && bytes.subarray(params[0], params[1]),
      value: isObject(request.params) ? request.params : {},
    }
  })
}

/** Nothing is asked unless everything can be. The first that fails ends the others. */
async function askAll(
  requests: readonly InputRequest[],
  { audience, capabilities, signal }: InputRoundsOptions,
): Promise<[key: string, result: Buffer][]> {
  for (const request of requests) {
    if (!INPUT_REQUESTS.has(request.method))
      throw invalid(`The integration asks for ${request.method}, which is no input.`)
    if (!canAnswer(capabilities, request)) {
      throw invalid(`The integration asks for ${nameOf(request)}, and this client did not declare that it can do that.`)
    }
  }
  const failed = new AbortController()
  const ending = signal === undefined ? failed.signal : AbortSignal.any([abortSignalOf(signal), failed.signal])
  let failure: UpstreamAnswer | undefined
  const responses = await Promise.all(
    requests.map(async (request): Promise<[string, Buffer]> => {
      const { method, value } = request
      const answer = await audience.ask({ method, params: legacyParams(request), value, signal: ending })
      if (answer.kind === 'error') {
        failure ??= answer
        failed.abort()
      }
      return [request.key, answer.bytes]
    }),
  )
  signal?.throwIfAborted()
  if (failure === undefined) return responses
  const { message } = errorOf(failure)
  throw invalid(
    `The integration asked for input, and the client refused: ${message === '' ? 'no reason given' : message}`,
  )
}

/** 2025-11-25 wants an id with every URL that a person is sent to; in 2026-07-28 there is none. */
function legacyParams({ method, params, value }: InputRequest): Buffer | undefined {
  if (method !== 'elicitation/create' || params === undefined) return params
  if (value.mode !== 'url' || Object.hasOwn(value, 'elicitationId')) return params
  return withFirstMember(params, 0, `"elicitationId":${JSON.stringify(randomUUID())}`, true)
}

function nameOf({ method, value }: InputRequest): string {
  return method === 'elicitation/create' && value.mode === 'url' ? `${method} with a URL` : method
}

function invalid(message: string): AppError {
  return new AppError('upstream_invalid', { message })
}
