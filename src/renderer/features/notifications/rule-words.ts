import type { Matcher, Rule } from '../../../shared/contract/rules.ts'
import { eventTypeWords } from '../incidents/incident-words.ts'
import { atLeastWords } from '../incidents/severity-words.ts'

const MINUTE_S = 60
const HOUR_S = 3_600
const DAY_S = 86_400

/** `30 s`, `5 min`, `4 h`, `2 days`: a length that somebody chose. */
export function secondsWords(seconds: number): string {
  if (seconds >= DAY_S && seconds % DAY_S === 0) return seconds === DAY_S ? '1 day' : `${seconds / DAY_S} days`
  if (seconds >= HOUR_S && seconds % HOUR_S === 0) return `${seconds / HOUR_S} h`
  if (seconds >= MINUTE_S && seconds % MINUTE_S === 0) return `${seconds / MINUTE_S} min`
  return `${seconds} s`
}

/** `team = core`. */
function matcherWords({ label, op, value }: Matcher): string {
  return `${label} ${op} ${value === '' ? 'nothing' : value}`
}

/** "Incident, Cluster disconnection · High and worse · team = core": what a rule is about, in one line. */
export function conditionWords({ when: { types, min_severity, matchers } }: Pick<Rule, 'when'>): string {
  return [
    types.map((type) => eventTypeWords[type]).join(', '),
    ...(min_severity === 'info' ? [] : [atLeastWords(min_severity)]),
    ...matchers.map(matcherWords),
  ].join(' · ')
}

/** "waits 30 s for others · again every 4 h · quiet hours": when it tells. Empty: at once, once. */
export function timingWords({ grouping, quiet }: Pick<Rule, 'grouping' | 'quiet'>): string {
  return [
    ...(grouping.wait_s > 0 ? [`waits ${secondsWords(grouping.wait_s)} for others`] : []),
    ...(grouping.repeat_s > 0 ? [`again every ${secondsWords(grouping.repeat_s)}`] : []),
    ...(quiet === null ? [] : ['quiet hours']),
  ].join(' · ')
}
