import type { EventType, Severity } from '../../shared/contract/incidents.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import type { ChannelDecision } from './decision-sheet.ts'
import { channelMute } from './mutes.ts'
import { isAtLeast } from '../base/severity-order.ts'

type Refusal = Pick<ChannelDecision, 'outcome' | 'because'>

/** Why nothing is told to a channel at all; undefined: something may be. */
export function allRefused(channel: StoredChannel, nowMs: number): Refusal | undefined {
  if (!channel.enabled) return { outcome: 'disabled', because: 'the channel is turned off' }
  const mute = channelMute(channel, nowMs)
  return mute && { outcome: 'muted', because: mute.because }
}

/** Why a channel does not take something new, whatever a rule says; undefined: it does. */
export function refusalOf(
  channel: StoredChannel,
  severity: Severity,
  type: EventType,
  nowMs: number,
): Refusal | undefined {
  const refused = allRefused(channel, nowMs)
  if (refused !== undefined) return refused
  if (!isAtLeast(severity, channel.minSeverity)) {
    const because = `severity ${severity} is below the channel's ${channel.minSeverity}`
    return { outcome: 'below_min_severity', because }
  }
  const { settings } = channel
  const wanted = settings.kind === 'webhook' ? settings.webhook.events : []
  if (wanted.length > 0 && !wanted.includes(type)) {
    return { outcome: 'event_not_wanted', because: `the channel takes ${wanted.join(', ')} only` }
  }
  return undefined
}
