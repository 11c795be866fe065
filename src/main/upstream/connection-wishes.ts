import { isObject } from '../base/is-object.ts'
import { offersSubscriptions } from './capabilities.ts'
import type { Conversation } from './conversation.ts'
import type { ListenStream } from './listen-stream.ts'
import { LogLevelWishes } from './log-level.ts'
import { asRecord, type Opening } from './negotiate.ts'
import { ResourceSubscriptions, type ResourceSubscriber } from './resource-subscriptions.ts'
import type { Release } from './upstream.ts'

export interface WishTarget {
  conversation: Conversation
  opening: Opening
  /** Of a modern connection. It is opened after this. */
  listen: ListenStream | undefined
  /** For each request. */
  timeoutMs: number
}

/** What agents want to hear of a server, whichever connection to it there is at the moment. */
export class ConnectionWishes {
  readonly resources = new ResourceSubscriptions()
  readonly logLevel = new LogLevelWishes()
  #target: WishTarget | undefined

  /** Whether somebody wants to hear of a resource. */
  get watches(): boolean {
    return this.resources.isWanted
  }

  get isEmpty(): boolean {
    return !this.watches && this.logLevel.isEmpty
  }

  /** There is a new connection: the server is told what it can be told, until the release. */
  attach(target: WishTarget): Release {
    this.#target = target
    this.#tell(target)
    return () => {
      if (this.#target !== target) return
      this.#target = undefined
      this.resources.detach()
      this.logLevel.detach()
    }
  }

  #tell({ conversation, opening, listen, timeoutMs }: WishTarget): void {
    const { capabilities } = opening
    if (listen) {
      const renew = () => listen.renew().then(() => undefined)
      const subscriber = { subscribe: renew, unsubscribe: renew }
      if (offersSubscriptions(capabilities)) this.resources.attach(subscriber, { knowsAll: true })
      return
    }
    if (offersSubscriptions(capabilities)) this.resources.attach(legacySubscriber(conversation, timeoutMs))
    if (!isObject(capabilities.logging)) return
    this.logLevel.attach(async (level) => {
      const params = Buffer.from(JSON.stringify({ level }))
      // Whatever it answers: there is nothing that could be done about it.
      await conversation.request({ method: 'logging/setLevel', params }, { timeoutMs }).catch(() => undefined)
    })
  }
}

function legacySubscriber(conversation: Conversation, timeoutMs: number): ResourceSubscriber {
  const ask = (method: string, uri: string) =>
    conversation.request({ method, params: Buffer.from(JSON.stringify({ uri })) }, { timeoutMs })
  return {
    subscribe: async (uri) => {
      const answer = await ask('resources/subscribe', uri).catch(() => undefined)
      // A connection that was lost is not the server's word: there will be another one.
      return answer?.kind === 'error' ? conversation.refused('resources/subscribe', asRecord(answer.value)) : undefined
    },
    unsubscribe: async (uri) => {
      await ask('resources/unsubscribe', uri).catch(() => undefined)
    },
  }
}
