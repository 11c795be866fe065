import type { Era, ListKind } from '../upstream/upstream.ts'
import { resultAnswer, rpcErrorAnswer, type AnswerBytes } from './answer.ts'
import { doesOffer } from './capabilities.ts'
import type { Endpoint } from './endpoints.ts'
import type { WatchedList } from './known-lists.ts'
import type { Message } from './message.ts'
import { META, RPC } from './protocol.ts'

/** How long a modern agent may keep a list without asking again; it hears of changes on `subscriptions/listen`. */
const LIST_TTL_MS = 5_000
const END = Buffer.from('}')

interface Listed {
  kind: ListKind
  /** Whose changes tell of it. */
  watched: WatchedList
  /** The result up to the array. */
  start: Buffer
}

const LISTS: ReadonlyMap<string, Listed> = new Map([
  ['tools/list', { kind: 'tools', watched: 'tools', start: Buffer.from('{"tools":') }],
  ['prompts/list', { kind: 'prompts', watched: 'prompts', start: Buffer.from('{"prompts":') }],
  ['resources/list', { kind: 'resources', watched: 'resources', start: Buffer.from('{"resources":') }],
  [
    'resources/templates/list',
    { kind: 'templates', watched: 'resources', start: Buffer.from('{"resourceTemplates":') },
  ],
])

/** `tools/list`, `prompts/list`, `resources/list` and `resources/templates/list`, from what is known: nothing is waited for. */
export class ListAnswers {
  readonly #modernEnd: Buffer

  /** `serverInfo` is the JSON text of the gateway's own. */
  constructor(serverInfo: string) {
    this.#modernEnd = Buffer.from(
      `,"resultType":"complete","ttlMs":${LIST_TTL_MS},"cacheScope":"private","_meta":{"${META.serverInfo}":${serverInfo}}}`,
    )
  }

  /** Undefined when the method asks for no list, or for one that the endpoint's server does not have. */
  answer(endpoint: Endpoint, { method, id, params }: Message, era: Era): AnswerBytes | undefined {
    const listed = LISTS.get(method)
    if (listed === undefined) return undefined
    const { kind, start } = listed
    if (!doesOffer(endpoint, listed.watched)) return undefined
    for (const { upstream } of endpoint.offering.integrations) upstream.freshen(kind)
    const list = kind === 'tools' ? endpoint.list : endpoint.offering.list(kind)
    const page = list.page(params.cursor)
    if (page === undefined) {
      const message =
        'Invalid cursor: it is not of this list, or the list has become shorter. List again from the start.'
      return rpcErrorAnswer(id, { code: RPC.invalidParams, message })
    }
    const { array, nextCursor } = page
    const next = nextCursor === undefined ? [] : [Buffer.from(`,"nextCursor":"${nextCursor}"`)]
    return resultAnswer(id, [start, ...array, ...next, era === 'modern' ? this.#modernEnd : END])
  }
}

/** The list that a method asks for, as far as its changes are told. */
export function listAskedFor(method: string): WatchedList | undefined {
  return LISTS.get(method)?.watched
}
