import type { RuleDecision } from '../../../shared/contract/incidents.ts'

type Outcome = RuleDecision['channels'][number]['outcome']

/** What a rule made of an event at one channel. Those that lead to a delivery, at once or later, come first. */
export const outcomeWords: Record<Outcome, { word: string; told: boolean }> = {
  queued: { word: 'Told', told: true },
  grouped: { word: 'Told together with others', told: true },
  quiet: { word: 'Waits for the end of quiet hours', told: true },
  muted: { word: 'Muted', told: false },
  below_min_severity: { word: 'Less severe than the channel takes', told: false },
  event_not_wanted: { word: 'The channel does not want this', told: false },
  repeat: { word: 'Told before', told: false },
  disabled: { word: 'Off', told: false },
}

/** To how many channels an event led, at once or later; one that two rules wanted counts once. */
export function toldCount(decisions: readonly RuleDecision[]): number {
  const told = decisions.flatMap(({ channels }) => channels.filter(({ outcome }) => outcomeWords[outcome].told))
  return new Set(told.map(({ channel_id: id }) => id)).size
}
