import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { members } from '../base/json-members.ts'
import type { Message } from './message.ts'

/**
 * `requestState` of the gateway: what an agent gives back with the answers to a server's questions. Threats: an agent that
 * changes it, uses it twice or too late, or one that got another agent's; a call that is continued as another one. So it is
 * sealed with a key that lives as long as the process, and bound to agent, endpoint and request.
 */

/** What a state says; nobody but the gateway can read or make one. */
export interface RequestState {
  /** The round of the call that waits: each state is good for one retry. */
  held: string
  /** Id of the agent. */
  agent: string
  /** The slug of the endpoint; empty: `/mcp`. */
  endpoint: string
  /** Of the request that it belongs to (see `requestHash`). */
  hash: string
  /** On the gateway's monotonic clock, in milliseconds. */
  expiresAt: number
}

const PREFIX = 'gatehouse.v1.'
const ALGORITHM = 'aes-256-gcm'
const KEY_BYTES = 32
/** 96 bits, random for each state: with one key for each process far below the number where two would meet. */
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** A sealed state is about 400 characters; more is none of ours. */
const LONGEST = 2_048

/** What a retry adds to a request, and what may change from one request to the next. */
const NOT_HASHED: ReadonlySet<string> = new Set(['inputResponses', 'requestState', '_meta'])

/** Seals and opens states with a key of its own. */
export class RequestStates {
  readonly #key = randomBytes(KEY_BYTES)

  seal(state: RequestState): string {
    const nonce = randomBytes(NONCE_BYTES)
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce)
    const sealed = Buffer.concat([cipher.update(JSON.stringify(state)), cipher.final()])
    return PREFIX + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
  }

  /** Undefined when it is not one of ours, or was changed. */
  open(text: string): RequestState | undefined {
    if (!isOwnState(text) || text.length > LONGEST) return undefined
    const encoded = text.slice(PREFIX.length)
    const bytes = Buffer.from(encoded, 'base64url')
    // Decoding passes over what it does not know: another text for the same bytes is a changed one as well.
    if (bytes.length <= NONCE_BYTES + TAG_BYTES || bytes.toString('base64url') !== encoded) return undefined
    const decipher = createDecipheriv(ALGORITHM, this.#key, bytes.subarray(0, NONCE_BYTES), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES))
    try {
      const opened = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()])
      return JSON.parse(opened.toString()) as RequestState
    } catch {
      return undefined
    }
  }
}

/** Whether it looks like a state of the gateway; others belong to the server. */
export function isOwnState(text: string): boolean {
  return text.startsWith(PREFIX)
}

/** SHA-256 of the method and everything in `params` that a retry must repeat, whatever the order of the members. */
export function requestHash({ method, bytes, paramsSpan }: Message): string {
  const hash = createHash('sha256').update(JSON.stringify(method))
  const spans = [...members(bytes, paramsSpan?.[0])].filter(([key]) => !NOT_HASHED.has(key))
  spans.sort(([one], [other]) => (one < other ? -1 : 1))
  for (const [key, [from, to]] of spans) hash.update(JSON.stringify(key)).update(bytes.subarray(from, to)).update('\n')
  return hash.digest('base64url')
}
