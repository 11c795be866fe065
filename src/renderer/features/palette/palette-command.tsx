import { lazy, Suspense, useEffect, useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { useCommand } from '../../use-command.ts'

const load = () => import('./connected-palette.tsx')
const ConnectedPalette = lazy(() => load().then((module) => ({ default: module.ConnectedPalette })))
const StoredTestDialog = lazy(() =>
  import('../integration/stored-test-dialog.tsx').then((module) => ({ default: module.StoredTestDialog })),
)

/** Answers ⌘K on every screen. */
export function PaletteCommand() {
  const [open, setOpen] = useState(false)
  const [testing, setTesting] = useState<Integration>()
  useCommand('palette.show', () => setOpen(true))
  useEffect(() => {
    // The key beside it comes a moment later: by then the palette is here. Nothing of it is loaded at the start.
    const prepare = (event: KeyboardEvent): void => {
      if (event.key !== 'Control' && event.key !== 'Meta') return
      window.removeEventListener('keydown', prepare)
      // When it cannot be loaded, opening it will say so.
      load().catch(() => undefined)
    }
    window.addEventListener('keydown', prepare)
    return () => window.removeEventListener('keydown', prepare)
  }, [])
  return (
    <Suspense>
      {open && <ConnectedPalette onClose={() => setOpen(false)} onTest={setTesting} />}
      {testing && <StoredTestDialog integration={testing} onClose={() => setTesting(undefined)} />}
    </Suspense>
  )
}
