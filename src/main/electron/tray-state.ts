import type { Integration } from '../../shared/contract/integrations.ts'
import { DEFAULT_WORKSPACE } from '../../shared/contract/words.ts'

/** What the tray tells. */
export interface TrayState {
  /** First line of the menu. */
  heading: string
  /** Integrations that wait for a person, at most ten. */
  attention: { workspace: string; name: string; label: string }[]
  /** How many there are, those beyond ten included. */
  attentionCount: number
}

const MAX_SHOWN = 10
const WORDS: Partial<Record<Integration['connection']['state'], string>> = {
  needs_auth: 'Needs sign-in',
  error: 'Error',
  quarantined: 'Stopped after repeated crashes',
  locked: 'Vault locked',
}

/** Read off the lists of integrations of every workspace, those that are off or not set up left out. */
export function trayState(workspaces: ReadonlyMap<string, readonly Integration[]>): TrayState {
  const active = [...workspaces].flatMap(([workspace, integrations]) =>
    integrations.filter(({ status }) => status === 'active').map((integration) => ({ ...integration, workspace })),
  )
  const waiting = active.flatMap(({ workspace, name, display_name, connection }) => {
    const word = WORDS[connection.state]
    if (word === undefined) return []
    const place = workspace === DEFAULT_WORKSPACE ? '' : ` (${workspace})`
    return [{ workspace, name, label: `${display_name || name}${place}: ${word}` }]
  })
  const count = active.length === 1 ? '1 integration' : `${active.length} integrations`
  return {
    heading: `Gateway running, ${count}`,
    attention: waiting.slice(0, MAX_SHOWN),
    attentionCount: waiting.length,
  }
}
