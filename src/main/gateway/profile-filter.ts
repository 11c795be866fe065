import type { Profile } from '../../shared/contract/profiles.ts'
import { compileToolFilter } from '../../shared/tool-filter.ts'

/** A compiled profile: which integrations there are for its agents, and which of their tools. */
export interface ProfileFilter {
  shows(slug: string): boolean
  allows(gatewayName: string): boolean
}

const EVERYTHING: ProfileFilter = { shows: () => true, allows: () => true }

/** Patterns of a profile are about gateway names, unlike those of an integration, which are about its own. */
export function compileProfile(profile: Profile | null): ProfileFilter {
  if (profile === null) return EVERYTHING
  const slugs = profile.integrations === null ? undefined : new Set(profile.integrations)
  const filter = compileToolFilter(profile.enabled_tools, profile.disabled_tools)
  return {
    shows: (slug) => slugs === undefined || slugs.has(slug),
    allows: (gatewayName) => filter.stateOf(gatewayName) === 'allowed',
  }
}
