import { useNavigate } from '@tanstack/react-router'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { useSignIn } from '../oauth/use-sign-in.ts'
import { SetupForm } from './setup-form.tsx'
import { useStoredSetup } from './use-stored-setup.ts'

/** The setup of a system integration, whether it was set up before or not. */
export function SystemSetup({ integration }: { integration: Integration }) {
  const { name, updated_at: version } = integration
  const { setup, problem, retry } = useStoredSetup(name, version)
  const navigate = useNavigate()
  const signIn = useSignIn()
  if (problem !== undefined && setup === undefined) {
    return <ErrorState title="The setup could not be loaded" problem={problem} onRetry={retry} flush />
  }
  if (setup === undefined) return <SkeletonRows />
  return (
    <SetupForm
      // What is stored is another thing once it was saved: secrets that were typed are not shown again.
      key={`${name} ${setup.current?.updated_at ?? ''}`}
      integration={integration}
      setup={setup}
      onSaved={({ integration: saved }) => {
        void navigate({ to: '/integrations/$slug/overview', params: { slug: name } })
        if (saved.oauth !== null && saved.oauth.state !== 'signed_in') void signIn.begin(name)
      }}
    />
  )
}
