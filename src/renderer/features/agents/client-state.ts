import { CircleAlert, CircleCheck, CircleDashed, CircleMinus, type LucideIcon, TriangleAlert } from 'lucide-react'
import type { McpClient } from '../../../shared/contract/clients.ts'

export interface ClientState {
  words: string
  icon: LucideIcon
  tone: 'ok' | 'warn' | 'err' | 'muted'
}

/** How a client stands to the gateway, for a person. */
export function clientState({ state, gateway, agent }: McpClient): ClientState {
  if (state === 'unreadable') return { words: 'Cannot be read', icon: CircleAlert, tone: 'err' }
  if (gateway === 'stale') {
    return { words: 'Its address or token is no longer good', icon: TriangleAlert, tone: 'warn' }
  }
  if (gateway === 'connected') {
    return { words: agent === null ? 'Connected' : `Connected as ${agent}`, icon: CircleCheck, tone: 'ok' }
  }
  if (state === 'absent') return { words: 'Not installed', icon: CircleMinus, tone: 'muted' }
  return { words: 'Not connected', icon: CircleDashed, tone: 'muted' }
}
