import { AppError } from '../base/app-error.ts'
import type { OAuthTarget } from '../oauth/oauth-target.ts'
import { urlOf } from './connection-target.ts'
import type { ConnectionSettings } from './credentials.ts'
import { oauthSettings } from './oauth-problems.ts'

/** What a sign-in with these settings and secrets of a client is for. Throws `invalid_input` for a command. */
export function authorizationTarget(settings: ConnectionSettings, fields: ReadonlyMap<string, string>): OAuthTarget {
  const url = urlOf(settings)
  if (url === undefined) throw new AppError('invalid_input', { message: 'A command does not use OAuth.' })
  return {
    protocol: settings.protocol,
    url: new URL(url),
    settings: oauthSettings(settings),
    credentials: {
      clientId: fields.get('client_id'),
      clientSecret: fields.get('client_secret'),
      privateKey: fields.get('private_key'),
    },
  }
}
