import type { OAuthSettings } from '../../shared/contract/oauth.ts'
import type { Logger } from '../base/log.ts'
import type { OAuthTarget } from '../oauth/oauth-target.ts'
import type { OAuthRecords } from '../oauth/records.ts'
import type { Keeper, KeeperParts } from './integration-authorizations.ts'

interface Detached {
  title: string
  settings: OAuthSettings
  target: OAuthTarget
  /** Replaced with each change. */
  kept: { records: OAuthRecords }
  log: Logger
}

/** Keeps records that are in memory alone, and tells nobody of what becomes of them. */
export function detachedKeeper(
  createKeeper: (parts: KeeperParts) => Keeper,
  { title, settings, target, kept, log }: Detached,
): Keeper {
  return createKeeper({
    title: () => title,
    settings: () => settings,
    target: () => target,
    records: {
      read: () => kept.records,
      write: (changes) => {
        const entries = Object.entries({ ...kept.records, ...changes }).filter(([, record]) => record !== null)
        kept.records = Object.fromEntries(entries)
        return Promise.resolve()
      },
    },
    changed: () => undefined,
    needed: () => undefined,
    granted: () => undefined,
    log,
  })
}
