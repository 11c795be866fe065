import type { ToolState } from '../../../shared/contract/tools.ts'

/** Why a tool cannot be called, or undefined if it can: the filter holds here as it does for agents. */
export function hiddenWords(state: ToolState): string | undefined {
  switch (state) {
    case 'allowed':
      return undefined
    case 'not_in_enabled_tools':
      return "Not in the integration's allow list"
    case 'in_disabled_tools':
      return "Blocked by the integration's tool filter"
    case 'held':
      return 'Held: it is not as it was approved'
    case 'not_in_profile':
      return 'Not in the profile'
    case 'integration_disabled':
      return 'Its integration is disabled'
  }
}
