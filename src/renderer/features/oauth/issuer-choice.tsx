import type { Integration } from '../../../shared/contract/integrations.ts'
import type { OAuthSettings, OAuthStatus } from '../../../shared/contract/oauth.ts'
import { useConsole } from '../../stores/console.tsx'
import { Select } from '../../ui/select.tsx'
import { useFailureToast } from '../../ui/toast.tsx'

const usual: OAuthSettings = {
  grant_type: 'authorization_code',
  scopes: [],
  redirect: 'loopback',
  allow_unadvertised_pkce: false,
}

/** Which of several authorization servers is asked, while nobody is signed in at one of them. */
export function IssuerChoice({ integration, oauth }: { integration: Integration; oauth: OAuthStatus }) {
  const { client, stores } = useConsole()
  const fail = useFailureToast()
  const { name, auth } = integration
  if (oauth.issuers.length < 2 || oauth.state === 'signed_in' || oauth.waiting) return null
  const chosen = auth.oauth?.issuer ?? oauth.issuer ?? oauth.issuers[0] ?? ''
  const choose = async (issuer: string): Promise<void> => {
    try {
      const changes = { name, auth: { ...auth, oauth: { ...(auth.oauth ?? usual), issuer } } }
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
        options={oauth.issuers.map((issuer) => ({ value: issuer, label: issuer }))}
      />
    </div>
  )
}
