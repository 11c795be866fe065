import type { Severity } from '../../../shared/contract/incidents.ts'
import { StateBadge } from '../../ui/state-badge.tsx'
import { severityWords } from './severity-words.ts'

export function SeverityBadge({ severity }: { severity: Severity }) {
  return <StateBadge look={severityWords[severity]} />
}
