import type { ChannelSettings, MessagePreview } from '../../../shared/contract/channels.ts'
import { AppError } from '../../base/app-error.ts'
import type {
  ChannelAdapter,
  Exchange,
  Notice,
  Outgoing,
  Reference,
  SendOutcome,
} from '../../notifications/channel-adapter.ts'
import { plainText } from '../../notifications/messages/plain-text.ts'
import { oneLine } from '../../notifications/messages/text.ts'
import type { SystemAccess } from '../system-adapter.ts'
import { SlackClient } from './slack-client.ts'
import { standingMessage, threadMessage } from './slack-message.ts'
import { failedOutcome } from './slack-outcome.ts'
import { type Place, sortedByPlace } from './slack-place.ts'
import { SlackPoster } from './slack-poster.ts'
import { wayOf } from './slack-scopes.ts'

/** Slack takes about one message a second for a channel. */
const PACE_MS = 1100
const CALL_MS = 15_000
/** A message that changes and an answer in its thread, each after a call that has to be made before. */
const TIMEOUT_MS = 60_000

/** Slack as it is set up in a workspace at the moment. Throws AppError where it is not, or is disabled. */
export type SlackAccessNow = (workspace: string) => SystemAccess

/**
 * Notices as messages in a channel. The first one of an incident stands for it: it changes with the incident, and what
 * happened is told in its thread. A message that stands for several stays as it is; what becomes of each is told in its
 * thread.
 */
export class SlackChannel implements ChannelAdapter {
  readonly kind = 'slack'
  readonly paceMs = PACE_MS
  readonly timeoutMs = TIMEOUT_MS
  readonly #accessNow: SlackAccessNow

  constructor(accessNow: SlackAccessNow) {
    this.#accessNow = accessNow
  }

  destination(settings: ChannelSettings): string {
    const { channel_id, channel_name } = slackOf(settings)
    return channel_name === '' ? channel_id : `#${oneLine(channel_name, 100)}`
  }

  unready(workspace: string): { code: string; message: string } | undefined {
    try {
      this.#accessNow(workspace)
      return undefined
    } catch (error) {
      if (error instanceof AppError) return { code: error.code, message: error.message }
      throw error
    }
  }

  async send({ notice, settings, references }: Outgoing, signal: AbortSignal): Promise<SendOutcome> {
    const exchanges: Exchange[] = []
    const told = new Map<string, Place>()
    try {
      const access = this.#accessNow(notice.workspace)
      const client = new SlackClient(access, signal, { exchanges, timeoutMs: CALL_MS })
      await tell(new SlackPoster(client, slackOf(settings).channel_id, wayOf(access)), notice, references, told)
      return { kind: 'delivered', exchanges, references: told }
    } catch (error) {
      signal.throwIfAborted()
      return { ...failedOutcome(error, this.destination(settings)), exchanges, references: told }
    }
  }

  preview({ notice, settings, references }: Omit<Outgoing, 'secret' | 'attempt'>): MessagePreview {
    const { channel_id: channel } = slackOf(settings)
    const { placed } = sortedByPlace(notice, references, channel)
    const message = placed.length > 0 ? threadMessage(notice) : standingMessage(notice)
    const body = JSON.stringify({ channel, ...message }, undefined, 2)
    return { content_type: 'application/json', text: plainText(notice), body }
  }

  close(): Promise<void> {
    return Promise.resolve()
  }
}

/** Adds to `told` where each incident was told, as soon as it was. */
async function tell(
  poster: SlackPoster,
  notice: Notice,
  references: ReadonlyMap<string, Reference>,
  told: Map<string, Place>,
): Promise<void> {
  const { placed, unplaced } = sortedByPlace(notice, references, poster.channel)
  for (const { place, incidents } of placed) {
    // Those that the notice does not name are in the one thread that all of it is for, or nobody knows where.
    const isWhole = place.shared && placed.length === 1 && unplaced.length === 0
    const part = { ...notice, incidents, more: isWhole ? notice.more : 0 }
    const isThere = place.shared || (await poster.update(place.ts, standingMessage(part)))
    const isTold = isThere && (await poster.reply(place.ts, threadMessage(part), concernsAll(part)))
    if (isTold) for (const { id } of incidents) told.set(id, { ...place, told: notice.id })
    else unplaced.push(...incidents)
  }
  // All was told in threads, now or by an attempt before.
  if (unplaced.length === 0 && notice.incidents.length > 0) return
  const part = { ...notice, incidents: unplaced }
  const ts = await poster.post(standingMessage(part))
  const shared = unplaced.length + notice.more > 1
  for (const { id } of unplaced) told.set(id, { channel: poster.channel, ts, shared, told: notice.id })
}

/** Whether a word in a thread is for those as well who do not follow it. */
function concernsAll({ action, incidents }: Notice): boolean {
  const hasWorsened = incidents.some(({ severity, highest_severity }) => severity === highest_severity)
  return action === 'repeat' || (action === 'severity' && hasWorsened)
}

function slackOf(settings: ChannelSettings) {
  if (settings.kind !== 'slack') throw new Error(`Slack was given the settings of ${settings.kind}.`)
  return settings.slack
}
