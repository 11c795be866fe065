import { Search, X } from 'lucide-react'
import { useRef } from 'react'
import { useCommand } from '../use-command.ts'
import { focusScreen } from './focus-screen.ts'
import { keySigns } from './keys.ts'

/** The search of a screen: ⌘F goes there, Escape empties it and then goes to the list, as Enter and the arrow down do. */
export function SearchField({
  label,
  value,
  onChange,
  className,
  onEnter,
}: {
  label: string
  value: string
  onChange: (value: string) => void
  className?: string
  /** Enter opens what was found first, instead of going to the list. */
  onEnter?: () => void
}) {
  const input = useRef<HTMLInputElement>(null)
  useCommand('search', () => {
    input.current?.focus()
    input.current?.select()
  })
  return (
    <div className={`relative ${className ?? ''}`}>
      <Search
        size={16}
        strokeWidth={1.75}
        aria-hidden
        className="pointer-events-none absolute top-2 left-2.5 text-muted"
      />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (!['Escape', 'Enter', 'ArrowDown'].includes(event.key)) return
          // A command of the screen, such as to call the tool that is open.
          if (event.ctrlKey || event.metaKey) return
          event.preventDefault()
          if (event.key === 'Escape' && value) onChange('')
          else if (event.key === 'Enter' && onEnter) onEnter()
          else focusScreen()
        }}
        className="h-8 w-full appearance-none rounded-control border border-line-strong bg-surface pr-16 pl-8 focus-visible:-outline-offset-1 [&::-webkit-search-cancel-button]:hidden"
      />
      {value ? (
        <button
          type="button"
          aria-label="Clear search"
          onClick={() => {
            onChange('')
            input.current?.focus()
          }}
          className="absolute top-1 right-1 inline-flex size-6 items-center justify-center rounded-control text-muted hover:bg-sunken"
        >
          <X size={14} strokeWidth={1.75} aria-hidden />
        </button>
      ) : (
        <kbd aria-hidden className="pointer-events-none absolute top-2 right-2.5 font-sans text-meta text-subtle">
          {keySigns('$mod+f')}
        </kbd>
      )}
    </div>
  )
}
