import type { IncidentEvent } from '../../shared/contract/incidents.ts'

/** The words that our own monitors have for an end of which nobody knows whether it is one. */
const WORDS = /^No longer (?:reported|watched)\b/

/**
 * Whether an incident ends without anybody knowing that it is over: its target is down, or it is not watched any more. What
 * Alertmanager and Prometheus say of an end is said by Gatehouse, never by an alert.
 */
export function isUnknownEnd({ origin, description }: Pick<IncidentEvent, 'origin' | 'description'>): boolean {
  return (origin === 'alertmanager' || origin === 'prometheus') && WORDS.test(description)
}
