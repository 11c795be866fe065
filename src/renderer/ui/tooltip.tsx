import { Tooltip as Base } from '@base-ui/react/tooltip'
import type { ReactElement } from 'react'
import { useLayers } from './layers.tsx'

/** A word on a control that has no room for it. The control keeps its own accessible name. */
export function Tooltip({ text, children }: { text: string; children: ReactElement }) {
  const container = useLayers()
  return (
    <Base.Root>
      <Base.Trigger render={children} delay={400} />
      <Base.Portal container={container}>
        <Base.Positioner sideOffset={6} side="right" className="z-20">
          <Base.Popup className="rounded-control bg-ink px-2 py-1 text-meta text-bg">{text}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
