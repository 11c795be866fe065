import { Outlet, useNavigate, useRouter } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { usePreferences, useSystem } from '../../stores/console.tsx'
import { focusScreen } from '../../ui/focus-screen.ts'
import { LayerContainer, Layers } from '../../ui/layers.tsx'
import { Toasts } from '../../ui/toast.tsx'
import { useCommand } from '../../use-command.ts'
import { VaultPrompt } from '../vault/vault-prompt.tsx'
import { Banners } from './banners.tsx'
import { Sidebar } from './sidebar.tsx'
import { SignedOut } from './signed-out.tsx'

const KeyList = lazy(() => import('./key-list.tsx').then((module) => ({ default: module.KeyList })))

/** The frame of every screen: sidebar, banners, and the place where popups go. */
export function Shell() {
  const signedOut = useSystem((state) => state.link === 'signed_out')
  const collapsed = usePreferences((state) => state.sidebarCollapsed)
  const setCollapsed = usePreferences((state) => state.setSidebarCollapsed)
  const navigate = useNavigate()
  const [keysShown, setKeysShown] = useState(false)
  const router = useRouter()
  useEffect(
    () =>
      router.subscribe('onRendered', ({ fromLocation, pathChanged }) => {
        // What had the focus went with the screen before: Tab would start over at the sidebar.
        if (fromLocation && pathChanged && document.activeElement === document.body) focusScreen()
      }),
    [router],
  )
  useCommand('go.integrations', () => void navigate({ to: '/integrations' }))
  useCommand('go.agents', () => void navigate({ to: '/agents' }))
  useCommand('go.settings', () => void navigate({ to: '/settings' }))
  useCommand('integrations.add', () => void navigate({ to: '/integrations/new' }))
  useCommand('sidebar.toggle', () => setCollapsed(!collapsed))
  useCommand('keys.show', () => setKeysShown(true))
  return (
    <Layers>
      <Toasts>
        <VaultPrompt>
          <div className="flex h-full">
            {!signedOut && <Sidebar />}
            <main tabIndex={-1} className="flex min-w-0 flex-1 flex-col bg-surface outline-none">
              {signedOut ? (
                <SignedOut />
              ) : (
                <>
                  <Banners />
                  <Outlet />
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
