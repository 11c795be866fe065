import { useNavigate } from '@tanstack/react-router'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { usePlanLock, useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { integrationStatus } from '../integrations/integration-status.ts'
import { useIntegrationActions } from '../integrations/use-integration-actions.ts'
import { useSignIn } from '../oauth/use-sign-in.ts'
import { useVaultPrompt } from '../vault/vault-prompt.tsx'

/** The one thing that helps in the state an integration is in, as its row in the catalog offers it. */
export function StatusAction({ integration }: { integration: Integration }) {
  const actions = useIntegrationActions()
  const navigate = useNavigate()
  const planLock = usePlanLock()
  const writable = useWritable()
  const openVault = useVaultPrompt()
  const signIn = useSignIn()
  const { action } = integrationStatus(integration)
  if (!action) return null
  const { name } = integration
  const run = {
    restart: () => void actions.restart(name),
    unlock: openVault,
    authorise: () => void signIn.begin(name),
    edit: () => void navigate({ to: '/integrations/$slug/connection', params: { slug: name } }),
  }[action.id]
  const blocked = writable ? (integration.source === 'custom' ? planLock : undefined) : 'Reconnecting'
  return (
    <Button
      size="small"
      blocked={action.id === 'restart' || action.id === 'authorise' ? blocked : undefined}
      onClick={run}
    >
      {action.label}
    </Button>
  )
}
