import type { Integration } from '../../../shared/contract/integrations.ts'
import type { Status } from '../../../shared/contract/system.ts'
import type { VaultState } from '../../../shared/contract/vault.ts'
import type { Workspace } from '../../../shared/contract/workspaces.ts'

export interface DiagnosticsInput {
  host: 'window' | 'browser'
  userAgent: string
  link: string
  status: Status | null
  vault: VaultState | null
  workspace: Workspace | undefined
  integrations: readonly Integration[]
  agentCount: number
}

/**
 * What helps somebody else to find a fault, as text. Built from what is named here and nothing else: no secrets, no URLs,
 * commands or paths of the person's own, and no texts of servers, which may hold any of them.
 */
export function diagnosticsText(input: DiagnosticsInput): string {
  const { status, vault, workspace } = input
  return [
    `Gatehouse ${status?.version ?? 'of unknown version'}`,
    `Console: ${input.host}, ${input.userAgent}`,
    `Gateway: ${input.link}${status ? `, port ${new URL(status.mcp_url).port}` : ''}`,
    `Plan: ${workspace?.plan ?? 'unknown'}`,
    vault ? `Vault: ${vault.state}, ${vault.backend}, ${vault.sealed_count} secrets` : 'Vault: unknown',
    `Lost call records: ${status?.dropped_calls ?? 'unknown'}`,
    `Agents: ${input.agentCount}`,
    `Integrations: ${input.integrations.length}`,
    ...input.integrations.map(describe),
  ].join('\n')
}

function describe({ name, source, status, mcp, protocol, connection }: Integration): string {
  const { state, error, protocol_version: version, tool_count: tools, warnings } = connection
  return [
    `  ${name}: ${source}, ${mcp?.transport ?? protocol}, ${status}, ${state}`,
    ...(error ? [`error ${error.code}`] : []),
    ...(version === null ? [] : [`MCP ${version}`]),
    `${tools} tools`,
    ...(warnings.length > 0 ? [`${warnings.length} warnings`] : []),
  ].join(', ')
}
