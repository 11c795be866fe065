import type { DiscoveryMode } from '../../../shared/contract/agents.ts'

/** How an agent finds its tools, for a person. */
export const discoveryWords: Record<DiscoveryMode, string> = { full: 'Full list', lazy: 'Lazy' }
