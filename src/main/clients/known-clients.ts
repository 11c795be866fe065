import type { ClientId } from '../../shared/contract/clients.ts'
import { claudeCode } from './claude-code.ts'
import { claudeDesktop } from './claude-desktop.ts'
import type { ClientFacts } from './client-facts.ts'
import { codex } from './codex.ts'
import { cursor } from './cursor.ts'
import { gemini } from './gemini.ts'
import { vscode } from './vscode.ts'
import { windsurf } from './windsurf.ts'
import { zed } from './zed.ts'

const byId: Record<ClientId, ClientFacts> = {
  'claude-code': claudeCode,
  'claude-desktop': claudeDesktop,
  cursor,
  vscode,
  codex,
  gemini,
  windsurf,
  zed,
}

/** In the order in which they are shown. */
export const knownClients: readonly ClientFacts[] = Object.values(byId)

export function clientById(id: ClientId): ClientFacts {
  return byId[id]
}
