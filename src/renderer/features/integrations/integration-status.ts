import {
  CircleAlert,
  CircleCheck,
  CircleMinus,
  KeyRound,
  LoaderCircle,
  Lock,
  type LucideIcon,
  OctagonX,
  Wrench,
} from 'lucide-react'
import type { ConnectionState, Integration } from '../../../shared/contract/integrations.ts'
import type { OAuthStatus } from '../../../shared/contract/oauth.ts'

export type Tone = 'ok' | 'warn' | 'err' | 'info' | 'muted'

export interface IntegrationStatus {
  word: string
  icon: LucideIcon
  tone: Tone
  /** The one thing to do about it: a data-action of the list and its words. */
  action?: { id: 'restart' | 'unlock' | 'edit' | 'authorise'; label: string }
}

const words: Record<ConnectionState, IntegrationStatus> = {
  connected: { word: 'Connected', icon: CircleCheck, tone: 'ok' },
  connecting: { word: 'Connecting', icon: LoaderCircle, tone: 'info' },
  needs_setup: {
    word: 'Needs setup',
    icon: Wrench,
    tone: 'muted',
    action: { id: 'edit', label: 'Set up' },
  },
  needs_auth: { word: 'Needs sign-in', icon: KeyRound, tone: 'warn', action: { id: 'edit', label: 'Change token' } },
  error: { word: 'Error', icon: CircleAlert, tone: 'err', action: { id: 'restart', label: 'Retry now' } },
  quarantined: {
    word: 'Stopped after repeated crashes',
    icon: OctagonX,
    tone: 'err',
    action: { id: 'restart', label: 'Restart' },
  },
  locked: { word: 'Locked', icon: Lock, tone: 'warn', action: { id: 'unlock', label: 'Unlock' } },
  disabled: { word: 'Disabled', icon: CircleMinus, tone: 'muted' },
}

/** What a person calls the state that an integration is in, with the one action that helps. */
export function integrationStatus(
  integration: Pick<Integration, 'status' | 'mcp' | 'connection' | 'oauth'>,
): IntegrationStatus {
  const { state } = integration.connection
  // A system integration that is not set up is disabled too; what it needs says more.
  if (integration.status === 'disabled' && state !== 'needs_setup') return words.disabled
  if (state === 'error' && integration.mcp?.transport === 'stdio') {
    return { ...words.error, word: 'Crashed', action: { id: 'restart', label: 'Restart now' } }
  }
  if (state === 'needs_auth' && integration.oauth) {
    return { ...words.needs_auth, action: { id: 'authorise', label: authoriseLabel(integration.oauth) } }
  }
  return words[state]
}

function authoriseLabel({ waiting, state }: OAuthStatus): string {
  if (waiting) return 'Open again'
  return state === 'signed_out' ? 'Authorise' : 'Sign in again'
}
