import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'

export interface TabPanel {
  id: string
  label: string
  content: ReactNode
}

/** Panels of which one is shown. Screens that have addresses use links instead. */
export function Tabs({ label, panels }: { label: string; panels: readonly TabPanel[] }) {
  return (
    <Base.Root defaultValue={panels[0]?.id}>
      <Base.List aria-label={label} className="flex gap-4 border-b border-line" activateOnFocus>
        {panels.map(({ id, label: name }) => (
          <Base.Tab
            key={id}
            value={id}
            className="-mb-px h-8 border-b-2 border-transparent text-muted hover:text-ink data-active:border-accent data-active:font-medium data-active:text-ink"
          >
            {name}
          </Base.Tab>
        ))}
      </Base.List>
      {panels.map(({ id, content }) => (
        <Base.Panel key={id} value={id} className="pt-3">
          {content}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}
