import { LoaderCircle, Lock } from 'lucide-react'
import { useSystem } from '../../stores/console.tsx'
import { Banner } from '../../ui/banner.tsx'
import { Button } from '../../ui/button.tsx'
import { unlockLabel } from '../vault/unlock-words.ts'
import { useVaultPrompt } from '../vault/vault-prompt.tsx'

/** What is wrong with the gateway as a whole, over every screen: unreachable, or its vault is closed. */
export function Banners() {
  const link = useSystem((state) => state.link)
  const problem = useSystem((state) => state.problem)
  const vault = useSystem((state) => state.vault)
  const retry = useSystem((state) => state.retry)
  const openVault = useVaultPrompt()

  if (link === 'reconnecting') {
    return (
      <Banner
        tone="warn"
        icon={LoaderCircle}
        spinning
        title="Reconnecting"
        action={
          <Button size="small" onClick={retry}>
            Retry
          </Button>
        }
      >
        {problem?.message ?? 'The gateway closed the connection.'} What is shown may be out of date, and changes wait
        until it is back; nothing typed is lost.
      </Banner>
    )
  }
  if (vault?.state === 'locked') {
    return (
      <Banner
        tone="warn"
        icon={Lock}
        title="The vault is locked"
        action={
          <Button size="small" onClick={openVault}>
            Unlock
          </Button>
        }
      >
        {vault.reason} Servers that need no secret keep running.
      </Banner>
    )
  }
  if (vault?.state === 'unavailable') {
    return (
      <Banner
        tone="info"
        icon={Lock}
        title="Secrets cannot be stored yet"
        action={
          <Button size="small" onClick={openVault}>
            {unlockLabel(vault)}
          </Button>
        }
      >
        {vault.reason} Servers that need no secret work.
      </Banner>
    )
  }
  return null
}
