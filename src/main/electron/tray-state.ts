import type { Integration } from '../../shared/contract/integrations.ts'

/** What the tray tells. */
export interface TrayState {
  /** First line of the menu. */
  heading: string
  /** Integrations that wait for a person, at most ten. */
  attention: { name: string; label: string }[]
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

/** Read off the list of integrations, those that are off or not set up left out. */
export function trayState(integrations: readonly Integration[]): TrayState {
  const active = integrations.filter(({ status }) => status === 'active')
  const waiting = active.flatMap(({ name, display_name, connection }) => {
    const word = WORDS[connection.state]
    return word === undefined ? [] : [{ name, label: `${display_name || name}: ${word}` }]
  })
  const count = active.length === 1 ? '1 integration' : `${active.length} integrations`
  return {
    heading: `Gateway running, ${count}`,
    attention: waiting.slice(0, MAX_SHOWN),
    attentionCount: waiting.length,
  }
}
