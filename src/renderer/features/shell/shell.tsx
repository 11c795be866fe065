import { Outlet, useNavigate, useRouter } from '@tanstack/react-router'
import { sections } from '../../commands.ts'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useConsole, usePreferences, useSystem, useWorkspaces } from '../../stores/console.tsx'
import { focusScreen } from '../../ui/focus-screen.ts'
import { keepFocus } from '../../ui/keep-focus.ts'
import { LayerContainer, Layers } from '../../ui/layers.tsx'
import { focusNextPane } from '../../ui/panes.ts'
import { Toasts } from '../../ui/toast.tsx'
import { useCommand } from '../../use-command.ts'
import { UndoCommand } from '../integrations/undo-command.tsx'
import { PaletteCommand } from '../palette/palette-command.tsx'
import { VaultPrompt } from '../vault/vault-prompt.tsx'
import { Banners } from './banners.tsx'
import { Sidebar } from './sidebar.tsx'
import { SignedOut } from './signed-out.tsx'

const KeyList = lazy(() => import('./key-list.tsx').then((module) => ({ default: module.KeyList })))

/** The frame of every screen: sidebar, banners, and the place where popups go. */
export function Shell() {
  const { commands } = useConsole()
  const workspace = useWorkspaces((state) => state.current)
  const signedOut = useSystem((state) => state.link === 'signed_out')
  const collapsed = usePreferences((state) => state.sidebarCollapsed)
  const setCollapsed = usePreferences((state) => state.setSidebarCollapsed)
  const navigate = useNavigate()
  const [keysShown, setKeysShown] = useState(false)
  const router = useRouter()
  const screen = useRef<HTMLElement>(null)
  useEffect(() => (screen.current ? keepFocus(screen.current) : undefined), [])
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
        // What had the focus went with the screen before: Tab would start over at the sidebar.
        if (fromLocation && pathChanged && document.activeElement === document.body) focusScreen()
      }),
    [router],
  )
  useEffect(() => {
    const ends = sections.map(({ id, to }) => commands.register(`go.${id}`, () => void navigate({ to })))
    return () => ends.forEach((end) => end())
  }, [commands, navigate])
  useCommand('go.settings', () => void navigate({ to: '/settings' }))
  useCommand('integrations.add', () => void navigate({ to: '/integrations/new' }))
  useCommand('sidebar.toggle', () => setCollapsed(!collapsed))
  useCommand('pane.next', () => focusNextPane())
  useCommand('keys.show', () => setKeysShown(true))
  return (
    <Layers>
      <Toasts>
        <VaultPrompt>
          <UndoCommand />
          <PaletteCommand />
          <div className="flex h-full">
            {!signedOut && <Sidebar />}
            <main ref={screen} tabIndex={-1} data-pane className="flex min-w-0 flex-1 flex-col bg-surface outline-none">
              {signedOut ? (
                <SignedOut />
              ) : (
                <>
                  <Banners />
                  {/* What a screen remembers belongs to one workspace. */}
                  <Outlet key={workspace} />
                </>
              )}
              <LayerContainer />
            </main>
          </div>
          {keysShown && (
            <Suspense>
              <KeyList onClose={() => setKeysShown(false)} />
            </Suspense>
          )}
        </VaultPrompt>
      </Toasts>
    </Layers>
  )
}
