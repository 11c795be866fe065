import {
  CircleAlert,
  CircleCheck,
  CircleDashed,
  CircleMinus,
  Clock,
  Hash,
  Lock,
  type LucideIcon,
  Mail,
  Siren,
  Webhook,
  Wrench,
} from 'lucide-react'
import type { Channel, ChannelKind } from '../../../shared/contract/channels.ts'
import type { StateLook } from '../../ui/state-badge.tsx'
import { agoWords } from '../../ui/words.ts'

/** `integration`: the system integration that has to be set up before notices can go there. */
export const channelKinds: Record<ChannelKind, { word: string; icon: LucideIcon; integration?: string }> = {
  slack: { word: 'Slack', icon: Hash, integration: 'slack' },
  pagerduty: { word: 'PagerDuty', icon: Siren, integration: 'pagerduty' },
  webhook: { word: 'Webhook', icon: Webhook },
  email: { word: 'Email', icon: Mail },
}

export const kinds = Object.keys(channelKinds) as ChannelKind[]

/** Undefined: an integration that channels do not send by. */
export function kindSentBy(integration: string): ChannelKind | undefined {
  return kinds.find((kind) => channelKinds[kind].integration === integration)
}

/** Whether notices get there now, as icon, word and colour: what keeps them away comes first. */
export function channelState(channel: Channel, now: number): StateLook {
  const { enabled, muted_until: mutedUntil, health } = channel
  if (!enabled) return { word: 'Off', icon: CircleMinus, ink: 'text-muted' }
  if (health.state === 'needs_setup') return { word: 'Needs setup', icon: Wrench, ink: 'text-muted' }
  if (health.state === 'locked') return { word: 'Locked', icon: Lock, ink: 'text-warn' }
  if (health.state === 'failing') {
    return { word: `Failing since ${clockWords(health.since)}`, icon: CircleAlert, ink: 'text-err' }
  }
  if (isMuted(mutedUntil, now)) {
    return { word: `Muted until ${untilWords(mutedUntil ?? '', now)}`, icon: Clock, ink: 'text-warn' }
  }
  if (health.last_delivered_at === null) return { word: 'Nothing sent yet', icon: CircleDashed, ink: 'text-muted' }
  return { word: `OK ${agoWords(health.last_delivered_at, now)}`, icon: CircleCheck, ink: 'text-ok' }
}

export function isMuted(mutedUntil: string | null, now: number): boolean {
  return mutedUntil !== null && Date.parse(mutedUntil) > now
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })
const dayAndClock = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})
const DAY_MS = 86_400_000

/** `14:01`. */
function clockWords(time: string): string {
  return clock.format(Date.parse(time))
}

/** `14:01` where that is plain, else with the day. */
export function untilWords(time: string, now: number): string {
  const at = Date.parse(time)
  return Math.abs(at - now) < DAY_MS / 2 ? clock.format(at) : dayAndClock.format(at)
}

/** What is wrong with a channel in one sentence, for a title; undefined: nothing. */
export function channelProblem({ health: { state, last_error: error } }: Channel): string | undefined {
  return error && state !== 'ok' && state !== 'unknown' ? error.message : undefined
}
