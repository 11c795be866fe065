import { hash } from 'node:crypto'
import type { EventInput } from '../../shared/contract/incidents.ts'

/** Of SHA-256: no two texts are ever the same by chance. */
const HEX_DIGITS = 32

/**
 * The key of an event that brings none: the same for events that say the same. A report belongs to the incident that it is
 * about, and a cluster that comes back to its leaving, whatever words each of them has for it.
 */
export function dedupeKeyOf({ type, source, service, title, labels, dedupe_key: given }: EventInput): string {
  if (given !== undefined) return given
  const isCluster = type === 'cluster_disconnected' || type === 'cluster_reconnected'
  const kind = isCluster ? 'cluster' : type === 'rca_completed' ? 'incident' : type
  const sorted = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1))
  // What names a cluster are source, service and labels; where there are none of them the title has to.
  const named = isCluster && (source !== '' || service !== '' || sorted.length > 0) ? '' : title
  return `auto-${hash('sha256', JSON.stringify([kind, source, service, named, sorted])).slice(0, HEX_DIGITS)}`
}
