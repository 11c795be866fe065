import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import type { OAuthClient, OAuthRecords } from '../oauth/records.ts'
import type { TokenSource } from '../upstream/token-source.ts'
import { authorizationTarget } from './authorization-target.ts'
import type { ConnectionSettings } from './credentials.ts'
import { detachedKeeper } from './detached-keeper.ts'
import type { Keeper, KeeperParts } from './integration-authorizations.ts'
import { oauthSettings } from './oauth-problems.ts'

export interface Draft {
  fields: ReadonlyMap<string, string>
  name: string
  client: OAuthClient | undefined
}

/** For settings that are not stored: a client gets its token, with nothing kept of it; a person can't sign in yet. */
export function draftToken(
  createKeeper: (parts: KeeperParts) => Keeper,
  settings: ConnectionSettings,
  { fields, name, client, log }: Draft & { log: Logger },
): TokenSource {
  if (oauthSettings(settings).grant_type === 'authorization_code') return notSignedIn(name)
  const known: OAuthRecords = client === undefined ? {} : { client }
  const kept = { records: known }
  const ask = async () => {
    const target = authorizationTarget(settings, fields)
    const keeper = detachedKeeper(createKeeper, { title: name, settings: target.settings, target, kept, log })
    try {
      keeper.load()
      return await keeper.renew()
    } finally {
      await keeper.close()
    }
  }
  let token: string | undefined
  return {
    current: () => token,
    renew: async (refused) => {
      if (refused !== undefined && refused.authorization === token) kept.records = known
      token = await ask()
      return token
    },
  }
}

function notSignedIn(name: string): TokenSource {
  const message = `Nobody has signed in to ${name} with these settings yet. Save them and sign in; then it can be tested.`
  return {
    current: () => undefined,
    renew: () => Promise.reject(new AppError('authorization_required', { message })),
  }
}
