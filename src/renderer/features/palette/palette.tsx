import { Autocomplete } from '@base-ui/react/autocomplete'
import { Dialog } from '@base-ui/react/dialog'
import { Search } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useLayers } from '../../ui/layers.tsx'
import { recentEntries, rememberEntry } from './recent-entries.ts'
import { type PaletteEntry, searchEntries } from './search-entries.ts'

/** Finds anything by a few letters and does it: commands, integrations, tools, agents, settings, workspaces. */
export function Palette({ entries, onClose }: { entries: readonly PaletteEntry[]; onClose: () => void }) {
  const container = useLayers()
  const input = useRef<HTMLInputElement>(null)
  const chosen = useRef(false)
  const [query, setQuery] = useState('')
  const [recent] = useState(() => recentEntries(localStorage))
  const results = useMemo(() => searchEntries(entries, query, recent), [entries, query, recent])

  const choose = (entry: PaletteEntry): void => {
    rememberEntry(localStorage, entry.id)
    chosen.current = true
    // Gone before the entry runs: what it focuses or opens must not meet a dialog that is still there.
    flushSync(onClose)
    entry.run()
  }
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal container={container}>
        <Dialog.Backdrop className="backdrop fixed inset-0" />
        <Dialog.Popup
          data-modal
          aria-label="Command palette"
          initialFocus={input}
          finalFocus={() => !chosen.current}
          className="floating fixed top-[12vh] left-1/2 -ml-[min(300px,47vw)] flex max-h-[70vh] w-[min(600px,94vw)] flex-col overflow-hidden rounded-dialog outline-none"
        >
          <Autocomplete.Root
            inline
            open
            mode="none"
            items={results}
            value={query}
            onValueChange={setQuery}
            autoHighlight="always"
            keepHighlight
            itemToStringValue={(entry: PaletteEntry) => entry.label}
          >
            <div className="flex flex-none items-center gap-2.5 border-b border-line px-4">
              <Search size={16} strokeWidth={1.75} aria-hidden className="flex-none text-muted" />
              <Autocomplete.Input
                ref={input}
                aria-label="Search commands, integrations, tools and agents"
                placeholder="Search commands, integrations, tools and agents"
                spellCheck={false}
                className="h-11 min-w-0 flex-1 bg-transparent text-strong outline-none"
              />
            </div>
            <Autocomplete.Empty className="empty:hidden">
              <p className="px-4 py-6 text-center text-muted">Nothing matches.</p>
            </Autocomplete.Empty>
            <Autocomplete.List
              aria-label="Results"
              className="min-h-0 flex-1 scroll-py-1 overflow-y-auto p-1 empty:hidden"
            >
              {(entry: PaletteEntry) => (
                <Autocomplete.Item
                  key={entry.id}
                  value={entry}
                  onClick={() => choose(entry)}
                  className="flex h-9 items-center gap-2.5 rounded-control px-3 select-none data-highlighted:bg-sunken"
                >
                  <span className="min-w-0 flex-none max-w-3/5 truncate">{entry.label}</span>
                  {entry.code !== undefined && !entry.label.endsWith(entry.code) && (
                    <span className="min-w-0 truncate font-mono text-code text-muted">{entry.code}</span>
                  )}
                  <span className="ml-auto flex flex-none items-center gap-2 pl-2 text-meta text-muted">
                    {entry.keys === undefined ? (
                      entry.kind
                    ) : (
                      <kbd className="rounded-[4px] border border-line bg-surface px-1.5 font-sans">{entry.keys}</kbd>
                    )}
                  </span>
                </Autocomplete.Item>
              )}
            </Autocomplete.List>
          </Autocomplete.Root>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
