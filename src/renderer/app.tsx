import { CSPProvider } from '@base-ui/react/csp-provider'
import { RouterProvider } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useStore } from 'zustand'
import type { createConsoleRouter } from './router.tsx'
import { type Console, ConsoleContext } from './stores/console.tsx'
import { applyTheme } from './stores/preferences.ts'
import { keepInSync } from './stores/sync.ts'
import { listenToKeys } from './use-command.ts'

/** The console. While it is mounted its stores follow the core and its keys are heard. */
export function App({ console, router }: { console: Console; router: ReturnType<typeof createConsoleRouter> }) {
  const { client, stores, commands } = console
  const workspace = useStore(stores.workspaces, ({ current }) => current)
  useEffect(() => {
    const mounted = new AbortController()
    void keepInSync(client, stores, mounted.signal)
    return () => mounted.abort()
  }, [client, stores, workspace])
  useEffect(() => listenToKeys(window, commands), [commands])
  useEffect(
    () => stores.preferences.subscribe(({ theme }) => applyTheme(document.documentElement, theme)),
    [stores.preferences],
  )
  return (
    // Without it Base UI writes <style> elements, which the CSP refuses.
    <CSPProvider disableStyleElements>
      <ConsoleContext value={console}>
        <RouterProvider router={router} />
      </ConsoleContext>
    </CSPProvider>
  )
}
