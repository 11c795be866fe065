import type { StoredChannel } from '../store/channels-store.ts'
import { firstToLetGo } from './first-to-let-go.ts'
import { timeText } from './messages/text.ts'
import { isMuted, type CompiledRule } from './rule-decision.ts'

interface Mute {
  untilMs: number
  because: string
}

/** Why nothing is sent to a channel of what these rules want, and until when. */
export function muteOf(channel: StoredChannel, rules: readonly CompiledRule[], nowMs: number): Mute | undefined {
  return channelMute(channel, nowMs) ?? firstToLetGo(rules, (compiled) => ruleMute(compiled, nowMs))
}

export function channelMute({ mutedUntil }: StoredChannel, nowMs: number): Mute | undefined {
  return mutedBy('the channel', mutedUntil, nowMs)
}

export function ruleMute({ rule }: CompiledRule, nowMs: number): Mute | undefined {
  return mutedBy(`rule ${rule.name}`, rule.muted_until, nowMs)
}

function mutedBy(who: string, until: string | null, nowMs: number): Mute | undefined {
  if (until === null || !isMuted(until, nowMs)) return undefined
  return { untilMs: Date.parse(until), because: `${who} is muted until ${timeText(until)}` }
}
