import { randomUUID } from 'node:crypto'
import type { ChannelChanges, ChannelSettings, Destination, NewChannel } from '../../shared/contract/channels.ts'
import type { Rule } from '../../shared/contract/rules.ts'
import { AppError } from '../base/app-error.ts'
import type { StoredChannel } from '../store/channels-store.ts'
import { settingsOf } from './channel-rules.ts'

/** Each is in memory, and each event asks all of them that a rule names. */
const MOST_CHANNELS = 100

export interface ChannelDraft {
  id?: string | undefined
  channel: NewChannel
}

export type Destinations = (
  workspace: string,
  wanted: { kind: 'slack'; query: string; fresh: boolean },
  signal: AbortSignal,
) => Promise<{ items: Destination[]; complete: boolean }>

/** Without its secrets, which are sealed for it. */
export function newChannel(workspace: string, input: NewChannel, now: string): StoredChannel {
  return {
    id: randomUUID(),
    workspace,
    name: input.name,
    enabled: input.enabled,
    minSeverity: input.min_severity,
    mutedUntil: input.muted_until,
    settings: settingsOf(input),
    health: {
      state: 'unknown',
      since: now,
      last_delivered_at: null,
      last_error: null,
      consecutive_failures: 0,
      retry_at: null,
    },
    secrets: [],
    createdAt: now,
    updatedAt: now,
  }
}

export function changedChannel(
  before: StoredChannel,
  changes: ChannelChanges,
  settings: ChannelSettings,
  now: string,
): StoredChannel {
  return {
    ...before,
    name: changes.name ?? before.name,
    enabled: changes.enabled ?? before.enabled,
    minSeverity: changes.min_severity ?? before.minSeverity,
    mutedUntil: changes.muted_until === undefined ? before.mutedUntil : changes.muted_until,
    settings,
    updatedAt: now,
  }
}

export function inUse(name: string, users: readonly Rule[]): AppError {
  const names = users.map((rule) => rule.name).join(', ')
  const which = users.length === 1 ? 'the rule' : 'the rules'
  return new AppError('in_use', {
    message: `${name} is used by ${which} ${names}. Take it out there first, or delete it with leave_rules.`,
    details: users.map((rule) => ({ path: `rules.${rule.id}`, message: rule.name })),
  })
}

/** Throws `invalid_input` when there is no room for another one beside these. */
export function refuseTooMany(channels: readonly StoredChannel[]): void {
  if (channels.length < MOST_CHANNELS) return
  const message = `A workspace has at most ${MOST_CHANNELS} channels. Delete one that is not used any more.`
  throw new AppError('invalid_input', { message, details: [{ path: 'name', message }] })
}
