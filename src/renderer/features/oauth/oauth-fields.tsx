import { useState } from 'react'
import { useFormContext, useWatch } from 'react-hook-form'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { Button } from '../../ui/button.tsx'
import { OAuthAdvanced } from './oauth-advanced.tsx'
import { asksPerson, emptyOAuth, type OAuthForm, type OAuthValues, storedInOAuth } from './oauth-values.ts'

/** OAuth 2 in a form. An MCP server needs nothing filled in; what is special stands behind Advanced. */
export function OAuthFields({
  protocol,
  replaceAll,
  replaceLabel,
  asksClient = false,
}: {
  protocol: Integration['protocol']
  replaceAll: () => void
  replaceLabel: string
  /** The server wants a client that is registered by hand. */
  asksClient?: boolean
}) {
  const { control, formState, getValues } = useFormContext<OAuthForm>()
  const values = useWatch({ control, name: 'oauth' })
  // An API seldom says itself where one signs in.
  const [open, setOpen] = useState(() => protocol === 'rest' || isSet(getValues('oauth')))
  return (
    <div className="flex flex-col gap-4">
      <p className="text-muted">{wordsOf(values, protocol)}</p>
      {open || asksClient || formState.errors.oauth ? (
        <OAuthAdvanced replaceAll={replaceAll} replaceLabel={replaceLabel} />
      ) : (
        <Button look="quiet" size="small" className="-ml-2 self-start" onClick={() => setOpen(true)}>
          Advanced: client, scopes, addresses
        </Button>
      )}
    </div>
  )
}

function wordsOf(values: OAuthValues, protocol: Integration['protocol']): string {
  if (!asksPerson(values)) return 'Gatehouse gets tokens by itself, with the client ID and its secret or key.'
  return protocol === 'mcp'
    ? 'You sign in in your browser. Nothing else is needed: the server says where, and Gatehouse registers itself there.'
    : 'You sign in in your browser. Enter where, and the client that is registered there for Gatehouse.'
}

function isSet(values: OAuthValues): boolean {
  const usual = emptyOAuth()
  return (
    storedInOAuth(values) > 0 ||
    Object.entries(usual).some(([field, value]) => values[field as keyof OAuthValues] !== value)
  )
}
