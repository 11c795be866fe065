import { createContext, lazy, type ReactNode, Suspense, use, useState } from 'react'
import { useSystem } from '../../stores/console.tsx'

const VaultDialog = lazy(() => import('./vault-dialog.tsx').then((module) => ({ default: module.VaultDialog })))
const PromptContext = createContext<() => void>(() => undefined)

/** One unlock dialog for every place that offers [Unlock]. */
export function VaultPrompt({ children }: { children: ReactNode }) {
  const [open, setOpen] = useState(false)
  const [wanted, setWanted] = useState(false)
  const vault = useSystem((state) => state.vault)
  return (
    <PromptContext
      value={() => {
        setWanted(true)
        setOpen(true)
      }}
    >
      {children}
      {wanted && vault && (
        <Suspense>
          <VaultDialog vault={vault} open={open} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </PromptContext>
  )
}

/** Opens the unlock dialog. */
export function useVaultPrompt(): () => void {
  return use(PromptContext)
}
