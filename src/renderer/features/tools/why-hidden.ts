import type { Integration } from '../../../shared/contract/integrations.ts'
import type { Profile } from '../../../shared/contract/profiles.ts'
import type { ToolSummary } from '../../../shared/contract/tools.ts'
import { compileToolFilter, isPattern, type ToolFilter } from '../../../shared/tool-filter.ts'
import { compileFilter, type Verdict } from './tool-filter.ts'
import { verdictWords } from './verdict-words.ts'

/** What would let agents see a tool. */
export type Mend = 'filter' | 'profile' | 'enable' | 'review'

export const mendLabels: Readonly<Record<Mend, string>> = {
  filter: 'Edit filter',
  profile: 'Edit profile',
  enable: 'Enable',
  review: 'Review',
}

export interface Why {
  exposed: boolean
  words: string
  mend: Mend | undefined
}

type Filtered = Pick<Integration, 'enabled_tools' | 'disabled_tools'>

/**
 * Why agents see each tool or not, with the entry that decided, and where that can be changed. The state is the core's;
 * an entry is named only where the filter that is known here says the same. Each filter is compiled when it is first asked.
 */
export function explainTools(
  integrations: Readonly<Record<string, Filtered>>,
  profile: Profile | undefined,
): (tool: ToolSummary) => Why {
  const filters = new Map<string, (tool: string) => Verdict>()
  const inProfile = profile && compileToolFilter(profile.enabled_tools, profile.disabled_tools)
  const verdictOf = ({ integration, name, state }: ToolSummary): Verdict => {
    let judge = filters.get(integration)
    if (!judge) {
      const { enabled_tools: enabled = [], disabled_tools: disabled = [] } = integrations[integration] ?? {}
      filters.set(integration, (judge = compileFilter({ enabled, disabled })))
    }
    const verdict = judge(name)
    return verdict.state === state ? verdict : { state, by: undefined }
  }
  return (tool) => {
    switch (tool.state) {
      case 'allowed':
        return { exposed: true, words: shownWords(tool, verdictOf(tool), profile, inProfile), mend: undefined }
      case 'not_in_enabled_tools':
      case 'in_disabled_tools':
        return { exposed: false, words: verdictWords(verdictOf(tool)), mend: 'filter' }
      case 'held':
        return { exposed: false, words: verdictWords({ state: 'held', by: undefined }), mend: 'review' }
      case 'not_in_profile':
        return { exposed: false, words: leftOutWords(tool, profile, inProfile), mend: 'profile' }
      case 'integration_disabled':
        return { exposed: false, words: `${tool.integration} is disabled`, mend: 'enable' }
    }
  }
}

function shownWords(
  { gateway_name: name }: ToolSummary,
  verdict: Verdict,
  profile: Profile | undefined,
  inProfile: ToolFilter | undefined,
): string {
  const entry = inProfile?.entryFor(name)
  if (!profile || entry === undefined) return verdictWords(verdict)
  return isPattern(entry) ? `allowed by ${entry} in ${profile.name}` : `in allow list of ${profile.name}`
}

function leftOutWords(
  { integration, gateway_name: name }: ToolSummary,
  profile: Profile | undefined,
  inProfile: ToolFilter | undefined,
): string {
  if (!profile || !inProfile) return 'not in profile'
  if (profile.integrations && !profile.integrations.includes(integration)) {
    return `${integration} is not in ${profile.name}`
  }
  if (inProfile.stateOf(name) === 'not_in_enabled_tools') return `not in allow list of ${profile.name}`
  const entry = inProfile.entryFor(name)
  return entry !== undefined && isPattern(entry)
    ? `blocked by ${entry} in ${profile.name}`
    : `blocked in ${profile.name}`
}
