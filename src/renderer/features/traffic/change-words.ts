import type { Actor, AuditEntry } from '../../../shared/contract/audit.ts'
import { type ErrorCode, errorTable } from '../../../shared/contract/error-table.ts'

export const actorWords: Record<Actor, string> = {
  window: 'Window',
  console: 'Browser console',
  api: 'API',
  cli: 'Command line',
}

/** What was done, to be followed by the name of what it was done to. */
const verbs: Record<string, string> = {
  'integrations.create': 'Added integration',
  'integrations.update': 'Changed integration',
  'integrations.remove': 'Deleted integration',
  'integrations.restore': 'Brought back integration',
  'integrations.enable': 'Enabled integration',
  'integrations.disable': 'Disabled integration',
  'integrations.restart': 'Restarted integration',
  'tools.approve': 'Approved tools of',
  'agents.create': 'Added agent',
  'agents.update': 'Changed agent',
  'agents.remove': 'Revoked agent',
  'agents.rotate': 'Made a new token for agent',
  'profiles.create': 'Added profile',
  'profiles.update': 'Changed profile',
  'profiles.remove': 'Deleted profile',
  'clients.connect': 'Connected client',
  'clients.disconnect': 'Disconnected client',
  'clients.restore': 'Restored the config of client',
  'clients.import_servers': 'Imported servers of clients',
  'calls.clear': 'Cleared the call log',
  'setup.apply': 'Set up',
  'setup.forget': 'Forgot the settings of',
  'events.create': 'Reported an incident',
  'incidents.update': 'Changed incident',
  'incidents.acknowledge': 'Acknowledged incident',
  'incidents.resolve': 'Resolved incident',
  'channels.create': 'Added channel',
  'channels.update': 'Changed channel',
  'channels.remove': 'Deleted channel',
  'channels.resume': 'Tried channel again',
  'channels.rotate_secret': 'Made a new signing secret for channel',
  'rules.create': 'Added rule',
  'rules.update': 'Changed rule',
  'rules.remove': 'Deleted rule',
  'deliveries.resend': 'Sent again',
  'hook_tokens.create': 'Added hook token',
  'hook_tokens.remove': 'Revoked hook token',
  'vault.unlock': 'Unlocked the vault',
  'vault.lock': 'Locked the vault',
  'vault.rotate': 'Gave the vault a new key',
  'vault.reset': 'Reset the vault',
  'workspaces.create': 'Added workspace',
  'workspaces.update': 'Changed workspace',
  'workspaces.remove': 'Deleted workspace',
  'settings.update': 'Changed settings',
  'transfer.apply': 'Applied a file',
  'system.restart_gateway': 'Restarted the gateway',
}

/** "Added integration" and "github". An operation that has no words here is told by its own name. */
export function changeWords({ action, target }: Pick<AuditEntry, 'action' | 'target'>): [what: string, which: string] {
  return [verbs[action] ?? action, target ?? '']
}

/** Undefined for a change that was made; else why it was not, as the API said it. */
export function refusalWords(outcome: string): string | undefined {
  if (outcome === 'ok') return undefined
  return outcome in errorTable ? errorTable[outcome as ErrorCode].message : outcome
}
