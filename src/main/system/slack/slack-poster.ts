import { z } from 'zod'
import { isRefusal, type SlackClient } from './slack-client.ts'
import type { SlackMessage } from './slack-message.ts'
import { SlackProblem } from './slack-problem.ts'
import type { SlackWay } from './slack-scopes.ts'

const Posted = z.object({ ts: z.string() })
const Nothing = z.object({})

/** Slack shows nothing of what addresses in an alert lead to, and asks nobody for it. */
const NO_UNFURLING = { unfurl_links: false, unfurl_media: false }

/** Messages to one channel. An app goes into a public channel by itself, once, when Slack asks for it. */
export class SlackPoster {
  readonly channel: string
  readonly #client: SlackClient
  readonly #way: SlackWay
  #mayJoin: boolean

  constructor(client: SlackClient, channel: string, way: SlackWay) {
    this.channel = channel
    this.#client = client
    this.#way = way
    this.#mayJoin = way === 'app'
  }

  /** The timestamp of the new message. */
  async post(message: SlackMessage): Promise<string> {
    const { ts } = await this.#call('chat.postMessage', { ...message, ...NO_UNFURLING }, Posted)
    return ts
  }

  /** False: there is no such message any more. One that Slack does not let us change stays as it is. */
  async update(ts: string, message: SlackMessage): Promise<boolean> {
    try {
      await this.#call('chat.update', { ts, ...message }, Nothing)
    } catch (error) {
      if (isRefusal(error, 'message_not_found', 'bad_timestamp')) return false
      if (!isRefusal(error, 'cant_update_message', 'edit_window_closed')) throw error
    }
    return true
  }

  /** False: there is no thread to answer in. */
  async reply(ts: string, message: SlackMessage, isForAll: boolean): Promise<boolean> {
    const thread = { thread_ts: ts, reply_broadcast: isForAll }
    try {
      await this.#call('chat.postMessage', { ...message, ...thread, ...NO_UNFURLING }, Posted)
      return true
    } catch (error) {
      if (isRefusal(error, 'thread_not_found', 'message_not_found', ...NO_THREADS)) return false
      throw error
    }
  }

  async #call<Shape extends z.ZodType>(method: string, args: object, shape: Shape): Promise<z.output<Shape>> {
    const whole = { channel: this.channel, ...args }
    try {
      return await this.#client.call(method, whole, shape)
    } catch (error) {
      if (!isRefusal(error, 'not_in_channel')) throw error
      if (!this.#mayJoin) throw this.#notIn(error)
      this.#mayJoin = false
      await this.#join(error)
      return this.#client.call(method, whole, shape)
    }
  }

  async #join(refused: SlackProblem): Promise<void> {
    try {
      await this.#client.call('conversations.join', { channel: this.channel }, Nothing)
    } catch (error) {
      // Of a private channel, or without the scope for it: then somebody has to let it in.
      if (isRefusal(error, 'missing_scope', 'method_not_supported_for_channel_type', 'channel_not_found')) {
        throw this.#notIn(refused)
      }
      throw error
    }
  }

  #notIn({ code, consequence }: SlackProblem): SlackProblem {
    if (this.#way === 'app') {
      const fix = 'Invite it: write /invite @Gatehouse in the channel.'
      return new SlackProblem(code, 'The app is not in the channel.', { consequence, fix })
    }
    return new SlackProblem(code, 'You are not in the channel.', { consequence, fix: 'Join it in Slack.' })
  }
}

const NO_THREADS = [
  'cannot_reply_to_message',
  'restricted_action_non_threadable_channel',
  'restricted_action_thread_locked',
]
