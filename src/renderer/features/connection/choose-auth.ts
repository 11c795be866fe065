import type { UseFormReturn } from 'react-hook-form'
import type { AuthType } from '../../../shared/contract/integrations.ts'
import { oauthOfKind, type OAuthValues } from '../oauth/oauth-values.ts'
import type { ConnectionValues } from './connection-values.ts'

/** What is stored, as a form has it; all of it may be missing. */
type Stored = Partial<Omit<ConnectionValues, 'oauth' | 'headers' | 'env'>> & { oauth?: Partial<OAuthValues> }

/** Chooses how requests sign in. A stored secret belongs to the kind that it was stored for. */
export function chooseAuth(
  { setValue, getValues }: Pick<UseFormReturn<ConnectionValues>, 'setValue' | 'getValues'>,
  authType: AuthType,
  before: Stored | undefined,
): void {
  const stored = authType === before?.auth_type ? before : undefined
  setValue('stored_token', stored?.stored_token)
  setValue('oauth', oauthOfKind(getValues('oauth'), stored?.oauth))
  setValue('auth_type', authType, { shouldDirty: true })
  if (authType === 'api_key') setValue('auth_header_prefix', '')
  else if (!getValues('auth_header_prefix')) setValue('auth_header_prefix', 'Bearer')
}
