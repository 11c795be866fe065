import type { Rule } from '../../shared/contract/rules.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import { isMuted } from './rule-decision.ts'

interface Mute {
  untilMs: number
  because: string
}

/** Why nothing is sent to a channel of what these rules want, and until when. A rule that is not muted tells whatever the others do. */
export function muteOf(channel: StoredChannel, rules: readonly Rule[], nowMs: number): Mute | undefined {
  const { mutedUntil } = channel
  if (mutedUntil !== null && isMuted(mutedUntil, nowMs)) {
    return { untilMs: Date.parse(mutedUntil), because: `the channel is muted until ${mutedUntil}` }
  }
  let mute: Mute | undefined
  for (const { name, muted_until } of rules) {
    if (muted_until === null || !isMuted(muted_until, nowMs)) return undefined
    const untilMs = Date.parse(muted_until)
    if (mute === undefined || untilMs < mute.untilMs) {
      mute = { untilMs, because: `rule ${name} is muted until ${muted_until}` }
    }
  }
  return mute
}
