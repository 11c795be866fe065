import type { createConsoleRouter } from './router.tsx'
import { type Stores, switchWorkspace } from './stores/stores.ts'

/**
 * The desktop opens places with `?workspace=`, because what it shows beside the window is about all of them. That
 * workspace comes to the front, and the address loses it: from then on the person chooses.
 */
export function followWorkspaceLinks(router: ReturnType<typeof createConsoleRouter>, stores: Stores): void {
  router.subscribe('onBeforeLoad', ({ toLocation }) => {
    const { workspace, ...search } = toLocation.search as Record<string, unknown>
    if (typeof workspace !== 'string') return
    switchWorkspace(stores, workspace)
    void router.navigate({ to: toLocation.pathname, search, replace: true })
  })
}
