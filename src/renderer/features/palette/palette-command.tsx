import { lazy, Suspense, useEffect, useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { useFailureToast } from '../../ui/toast.tsx'
import { useCommand } from '../../use-command.ts'
import type { ConnectedPalette } from './connected-palette.tsx'

const PREPARE_AFTER_MS = 2_000

const StoredTestDialog = lazy(() =>
  import('../integration/stored-test-dialog.tsx').then((module) => ({ default: module.StoredTestDialog })),
)

/** Answers ⌘K on every screen. */
export function PaletteCommand() {
  const fail = useFailureToast()
  const [open, setOpen] = useState(false)
  const [testing, setTesting] = useState<Integration>()
  // Not by `lazy`: React shows what was waited for by it 300 ms late, even when it was there already.
  const [Palette, setPalette] = useState<typeof ConnectedPalette>()
  const prepare = (): Promise<void> =>
    import('./connected-palette.tsx').then((module) => setPalette(() => module.ConnectedPalette))

  useCommand('palette.show', () => {
    setOpen(true)
    prepare().catch((cause: unknown) => {
      setOpen(false)
      fail('The command palette could not be loaded', cause)
    })
  })
  useEffect(() => {
    // Not part of the start, which waits for every byte; but there before somebody asks for it.
    const timer = setTimeout(() => void prepare().catch(() => undefined), PREPARE_AFTER_MS)
    return () => clearTimeout(timer)
  }, [])
  return (
    <>
      {open && Palette && <Palette onClose={() => setOpen(false)} onTest={setTesting} />}
      <Suspense>{testing && <StoredTestDialog integration={testing} onClose={() => setTesting(undefined)} />}</Suspense>
    </>
  )
}
