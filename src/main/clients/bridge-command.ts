import { DEFAULT_WORKSPACE } from '../../shared/contract/words.ts'
import { DataDir } from '../base/data-dir.ts'
import type { BridgeCommand } from './client-facts.ts'

/** `gatehouse stdio …` as this agent, with what is not the default. */
export function bridgeCommand(
  { command, args }: BridgeCommand = { command: 'gatehouse', args: [] },
  dataDir: string,
  agent: string,
  workspace: string,
): BridgeCommand {
  const elsewhere = dataDir === DataDir.defaultPath() ? [] : ['--data-dir', dataDir]
  const tenant = workspace === DEFAULT_WORKSPACE ? [] : ['--workspace', workspace]
  return { command, args: [...args, 'stdio', '--agent', agent, ...elsewhere, ...tenant] }
}
