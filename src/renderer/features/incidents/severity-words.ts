import { ChevronDown, ChevronsUp, CircleAlert, Info, OctagonAlert } from 'lucide-react'
import type { Severity } from '../../../shared/contract/incidents.ts'
import type { StateLook } from '../../ui/state-badge.tsx'

/** How bad something is, as icon, word and colour; from the worst on. */
export const severityWords: Record<Severity, StateLook> = {
  critical: { word: 'Critical', icon: OctagonAlert, ink: 'text-err' },
  high: { word: 'High', icon: ChevronsUp, ink: 'text-err' },
  medium: { word: 'Medium', icon: CircleAlert, ink: 'text-warn' },
  low: { word: 'Low', icon: ChevronDown, ink: 'text-info' },
  info: { word: 'Info', icon: Info, ink: 'text-muted' },
}

export const severities = Object.keys(severityWords) as Severity[]

/** "High and worse", for what is chosen as the least. */
export function atLeastWords(severity: Severity): string {
  if (severity === 'critical') return 'Critical only'
  return severity === 'info' ? 'Any severity' : `${severityWords[severity].word} and worse`
}
