import { useNavigate } from '@tanstack/react-router'
import { useSystem } from '../../stores/console.tsx'
import type { Problem } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { unlockLabel } from '../vault/unlock-words.ts'
import { useVaultPrompt } from '../vault/vault-prompt.tsx'

/** What helps against a problem, where there is one thing that does: unlocking the vault, or another plan. */
export function ProblemAction({ problem }: { problem: Pick<Problem, 'code'> }) {
  const openVault = useVaultPrompt()
  const vault = useSystem((state) => state.vault)
  const navigate = useNavigate()
  if (problem.code === 'vault_locked') {
    return (
      <Button size="small" onClick={openVault}>
        {unlockLabel(vault)}
      </Button>
    )
  }
  if (problem.code === 'plan_required') {
    return (
      <Button size="small" onClick={() => void navigate({ to: '/settings/plan' })}>
        See plan
      </Button>
    )
  }
  return null
}
