import type { AuthType } from '../../../shared/contract/integrations.ts'
import { asksPerson, type OAuthValues } from './oauth-values.ts'

/** What of a form decides whether somebody signs in once it is saved. */
interface SignInChoice {
  auth_type: AuthType
  oauth: OAuthValues
  transport?: 'sse' | 'http' | 'stdio'
}

/** Whether a person signs in, in a browser, with what the form says. */
export function isSignIn({ auth_type, oauth, transport }: SignInChoice): boolean {
  return auth_type === 'oauth2' && transport !== 'stdio' && asksPerson(oauth)
}
