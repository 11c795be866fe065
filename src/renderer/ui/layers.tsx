import { createContext, type ReactNode, type RefObject, use, useRef } from 'react'

const LayersContext = createContext<RefObject<HTMLDivElement | null> | null>(null)

/** Lets everything below share one place for menus, dialogs and toasts; `LayerContainer` is that place. */
export function Layers({ children }: { children: ReactNode }) {
  const container = useRef<HTMLDivElement>(null)
  return <LayersContext value={container}>{children}</LayersContext>
}

/** Belongs inside `<main>`, so that everything on screen is in a landmark (axe's rule `region` fires on popups beside it). */
export function LayerContainer() {
  return <div ref={useLayers()} data-layers />
}

export function useLayers(): RefObject<HTMLDivElement | null> | undefined {
  return use(LayersContext) ?? undefined
}
