import type { IncidentStatus } from '../../../shared/contract/incidents.ts'
import { StateBadge } from '../../ui/state-badge.tsx'
import { statusWords } from './incident-words.ts'

/** How far an incident is. */
export function StatusBadge({ status }: { status: IncidentStatus }) {
  return <StateBadge look={statusWords[status]} />
}
