import { useRouter } from '@tanstack/react-router'
import { sections } from '../../commands.ts'
import { useConsole } from '../../stores/console.tsx'
import { switchWorkspace } from '../../stores/stores.ts'

declare module '@tanstack/history' {
  interface HistoryState {
    /** Marks the navigation that a change of workspace waits for. */
    workspace?: string
  }
}

/**
 * Puts another workspace in front, at the top of the section that is open: what is deeper belongs to the one before. A
 * form that is not saved asks first, and keeps the workspace with its screen.
 */
export function useSwitchWorkspace(): (name: string) => void {
  const { stores } = useConsole()
  const router = useRouter()
  return (name) => {
    if (name === stores.workspaces.getState().current) return
    const stop = router.history.subscribe(({ location }) => {
      stop()
      // Another navigation came first: the person stayed, and went elsewhere later.
      if (location.state.workspace === name) switchWorkspace(stores, name)
    })
    const { pathname } = router.state.location
    const section = sections.find(({ to }) => pathname === to || pathname.startsWith(`${to}/`))
    void router.navigate({ to: section?.to ?? '/settings', state: { workspace: name } })
  }
}
