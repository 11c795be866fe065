import { Tabs as Base } from '@base-ui/react/tabs'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export interface TabPanel {
  id: string
  label: string
  content: ReactNode
}

/** Panels of which one is shown. Screens that have addresses use links instead. */
export function Tabs({
  label,
  panels,
  fill,
  value,
  onChange,
  aside,
}: {
  label: string
  panels: readonly TabPanel[]
  /** As high as there is room, and no lower than a few lines; a panel that is higher scrolls. */
  fill?: boolean
  /** The panel that is shown, where somebody else keeps that. */
  value?: string
  onChange?: (id: string) => void
  /** At the right end of the line. */
  aside?: ReactNode
}) {
  return (
    <Base.Root
      {...(value === undefined ? { defaultValue: panels[0]?.id } : { value })}
      onValueChange={(id: unknown) => onChange?.(String(id))}
      className={classes(fill && 'flex min-h-48 flex-1 flex-col')}
    >
      <div className="flex flex-none items-center border-b border-line">
        <Base.List aria-label={label} className="flex flex-none gap-4" activateOnFocus>
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
        {aside && <div className="ml-auto flex items-center gap-2">{aside}</div>}
      </div>
      {panels.map(({ id, content }) => (
        <Base.Panel
          key={id}
          value={id}
          className={classes('pt-3', fill && 'flex min-h-0 flex-1 flex-col overflow-y-auto')}
        >
          {content}
        </Base.Panel>
      ))}
    </Base.Root>
  )
}
