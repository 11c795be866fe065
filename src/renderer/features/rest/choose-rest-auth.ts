import type { UseFormReturn } from 'react-hook-form'
import type { AuthType } from '../../../shared/contract/integrations.ts'
import { oauthOfKind, type OAuthValues } from '../oauth/oauth-values.ts'
import type { RestValues } from './rest-values.ts'

/** What is stored, as a form has it; all of it may be missing. */
type Stored = Partial<Omit<RestValues, 'oauth' | 'headers'>> & { oauth?: Partial<OAuthValues> }

/** Chooses how requests sign in. A stored secret belongs to the kind that it was stored for. */
export function chooseRestAuth(
  { setValue, getValues }: Pick<UseFormReturn<RestValues>, 'setValue' | 'getValues'>,
  authType: AuthType,
  before: Stored | undefined,
): void {
  const stored = authType === before?.auth_type ? before : undefined
  for (const field of ['stored_token', 'stored_username', 'stored_password'] as const) {
    setValue(field, stored?.[field])
  }
  setValue('oauth', oauthOfKind(getValues('oauth'), stored?.oauth))
  setValue('header_name', stored?.header_name ?? '')
  setValue('auth_type', authType, { shouldDirty: true })
  if (authType === 'api_key') setValue('auth_header_prefix', '')
  else if (!getValues('auth_header_prefix')) setValue('auth_header_prefix', 'Bearer')
}
