import { createStore } from 'zustand/vanilla'

export type Theme = 'system' | 'light' | 'dark'
export type Density = 'comfortable' | 'compact'

export interface PreferencesState {
  theme: Theme
  density: Density
  sidebarCollapsed: boolean
  setTheme: (theme: Theme) => void
  setDensity: (density: Density) => void
  setSidebarCollapsed: (sidebarCollapsed: boolean) => void
}

const KEY = 'gatehouse.preferences'

/** How this person likes the console; kept on this machine, never sent anywhere. */
export function createPreferencesStore(storage: Storage) {
  const store = createStore<PreferencesState>()((set) => ({
    ...read(storage),
    setTheme: (theme) => set({ theme }),
    setDensity: (density) => set({ density }),
    setSidebarCollapsed: (sidebarCollapsed) => set({ sidebarCollapsed }),
  }))
  store.subscribe(({ theme, density, sidebarCollapsed }) => {
    storage.setItem(KEY, JSON.stringify({ theme, density, sidebarCollapsed }))
  })
  return store
}

function read(storage: Storage): Pick<PreferencesState, 'theme' | 'density' | 'sidebarCollapsed'> {
  const kept = parse(storage.getItem(KEY))
  return {
    theme: kept.theme === 'light' || kept.theme === 'dark' ? kept.theme : 'system',
    density: kept.density === 'compact' ? 'compact' : 'comfortable',
    sidebarCollapsed: kept.sidebarCollapsed === true,
  }
}

function parse(text: string | null): Record<string, unknown> {
  try {
    return (JSON.parse(text ?? '{}') as Record<string, unknown> | null) ?? {}
  } catch {
    return {} // Written by another version or by hand: the defaults serve.
  }
}

/** `system` leaves the choice to `prefers-color-scheme`; see theme.css. */
export function applyTheme(root: HTMLElement, theme: Theme): void {
  if (theme === 'system') delete root.dataset.theme
  else root.dataset.theme = theme
}
