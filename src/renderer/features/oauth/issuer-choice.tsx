import type { Integration } from '../../../shared/contract/integrations.ts'
import type { OAuthStatus } from '../../../shared/contract/oauth.ts'
import { useConsole } from '../../stores/console.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { Select } from '../../ui/select.tsx'
import { useFailureToast } from '../../ui/toast.tsx'
import { usualSettings } from './oauth-values.ts'

/** A host of this machine or its network, written as such. */
const INSIDE = /^(localhost|127\.|10\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|192\.168\.|\[)/

/**
 * Which of several authorization servers is asked, while nobody is signed in at one of them. Threat: the list is the server's
 * own, and what is chosen counts as typed. So none is offered where a stored secret would go there, and no address inside
 * unless the server itself is there.
 */
export function IssuerChoice({ integration, oauth }: { integration: Integration; oauth: OAuthStatus }) {
  const { client, stores } = useConsole()
  const fail = useFailureToast()
  const { name, auth } = integration
  const { client_secret, private_key } = integration.credentials
  const issuers = oauth.issuers.filter((issuer) => isInside(urlOf(integration)) || !isInside(issuer))
  if (issuers.length < 2 || oauth.state === 'signed_in' || oauth.waiting || client_secret || private_key) return null
  const chosen = auth.oauth?.issuer ?? oauth.issuer ?? issuers[0] ?? ''
  const choose = async (issuer: string): Promise<void> => {
    try {
      const changes = { name, auth: { ...auth, oauth: { ...(auth.oauth ?? usualSettings), issuer } } }
      stores.integrations.getState().put(await client.integrations.update(changes))
    } catch (cause) {
      fail('The authorization server was not changed', cause)
    }
  }
  return (
    <div className="mt-2 flex flex-wrap items-center gap-2 pl-7">
      <span>Sign in at</span>
      <Select
        label="Authorization server"
        value={chosen}
        onChange={(issuer) => void choose(issuer)}
        options={issuers.map((issuer) => ({
          value: issuer,
          label: <ForeignText className="whitespace-nowrap!">{issuer}</ForeignText>,
        }))}
      />
    </div>
  )
}

function urlOf({ mcp, rest }: Integration): string {
  return rest?.base_url ?? (mcp !== null && mcp.transport !== 'stdio' ? mcp.server_url : '')
}

function isInside(url: string): boolean {
  return URL.canParse(url) && INSIDE.test(new URL(url).hostname)
}
