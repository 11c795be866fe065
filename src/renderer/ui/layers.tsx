import { createContext, type ReactNode, type RefObject, use, useRef } from 'react'

const LayersContext = createContext<RefObject<HTMLDivElement | null> | null>(null)

/**
 * Where menus, dialogs and toasts are put: inside `<main>`, so that everything on screen is in a landmark (axe's rule
 * `region` fires on popups beside it).
 */
export function Layers({ children }: { children: ReactNode }) {
  const container = useRef<HTMLDivElement>(null)
  return (
    <LayersContext value={container}>
      {children}
      <div ref={container} />
    </LayersContext>
  )
}

export function useLayers(): RefObject<HTMLDivElement | null> | undefined {
  return use(LayersContext) ?? undefined
}
