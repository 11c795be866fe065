import { AppError } from '../base/app-error.ts'
import type { RestRecord } from '../store/integrations-store.ts'
import type { forgottenBy } from './authorization-identity.ts'
import type { HeldIntegration } from './held-integration.ts'
import type { SystemIntegrations } from './system-integrations.ts'
import type { SystemRecord } from './system-records.ts'

/** A setup that is not stored yet. */
export interface SystemDraft {
  system: SystemRecord
  /** What it takes the place of. */
  former: HeldIntegration | undefined
  /** The setup of `former` that was looked at: another one may have been stored since. */
  seen: RestRecord['system']
  /** Secrets that were given, by their places. */
  given: ReadonlyMap<string, string>
  /** Places of stored secrets that go on. */
  kept: ReadonlySet<string>
  /** What is kept of a sign-in, and of no use to these settings. */
  forgetOAuth: ReturnType<typeof forgottenBy>
}

/** Throws where another setup was stored since the draft was made: secrets that go on would be that one's. */
export function refuseOvertaken(
  { system: { record }, former, seen }: SystemDraft,
  system: Pick<SystemIntegrations, 'find'>,
): void {
  const now = system.find(record.workspace, record.name)
  if (now === former && (now?.record.system ?? null) === seen) return
  throw new AppError('invalid_input', { message: 'It was set up by somebody else meanwhile. Look at it again.' })
}
