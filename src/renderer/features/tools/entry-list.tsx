import { X } from 'lucide-react'
import { useDeferredValue, useId, useState } from 'react'
import { flushSync } from 'react-dom'
import { isPattern } from '../../../shared/tool-filter.ts'
import { classes } from '../../ui/classes.ts'
import { controlLook } from '../../ui/field.tsx'
import { type EntryMatches, typedWords } from './entry-matches.ts'
import { readEntries } from './tool-filter.ts'

/** At first, and once all are asked for: a list of thousands is found by typing. */
const SHOWN = 8
const SHOWN_AT_MOST = 200

/**
 * One list of a filter: names and patterns, added by Enter, comma or paste. While an entry is typed it says how many tools
 * that matches; patterns keep their count.
 */
export function EntryList({
  label,
  hint,
  placeholder = 'name or pattern, for example get_*',
  entries,
  matches,
  readOnly,
  onChange,
}: {
  label: string
  hint: string
  placeholder?: string
  entries: readonly string[]
  /** Undefined as long as the tools are not known: then nothing is counted. */
  matches: EntryMatches | undefined
  readOnly: boolean
  onChange: (entries: string[]) => void
}) {
  const id = useId()
  const [text, setText] = useState('')
  const typed = useDeferredValue(text)
  const add = (): void => {
    const added = readEntries(text)
    if (added.length > 0) onChange([...new Set([...entries, ...added])])
    setText('')
  }
  return (
    <div className="min-w-0">
      <div className="flex items-baseline gap-1">
        <label htmlFor={id} className="flex-none font-medium">
          {label}
        </label>
        <span className="min-w-0 truncate text-meta text-muted">{hint}</span>
        <span id={`${id}count`} role="status" className="ml-auto min-w-0 truncate pl-2 text-meta">
          {matches && typedWords(readEntries(typed), matches)}
        </span>
      </div>
      <input
        id={id}
        aria-describedby={`${id}count`}
        value={text}
        readOnly={readOnly}
        spellCheck={false}
        autoComplete="off"
        placeholder={placeholder}
        onChange={(event) => setText(event.target.value)}
        onBlur={add}
        onPaste={(event) => {
          const clip = event.clipboardData.getData('text')
          if (readOnly || !clip.includes('\n')) return
          event.preventDefault()
          onChange([...new Set([...entries, ...readEntries(clip)])])
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === ',') {
            event.preventDefault()
            add()
          }
          // What was typed belongs to what is saved now.
          if (event.key === 's' && (event.ctrlKey || event.metaKey)) flushSync(add)
          if (event.key === 'Backspace' && text === '' && !readOnly) onChange(entries.slice(0, -1))
        }}
        className={classes(controlLook, 'mt-1 h-8 border-line-strong font-mono text-code')}
      />
      <Chips
        label={label}
        entries={entries}
        typed={typed}
        matches={matches}
        readOnly={readOnly}
        onRemove={(entry) => onChange(entries.filter((other) => other !== entry))}
      />
    </div>
  )
}

/** The entries of a list; of many, those that hold what is typed. */
function Chips({
  label,
  entries,
  typed,
  matches,
  readOnly,
  onRemove,
}: {
  label: string
  entries: readonly string[]
  typed: string
  matches: EntryMatches | undefined
  readOnly: boolean
  onRemove: (entry: string) => void
}) {
  const [all, setAll] = useState(false)
  if (entries.length === 0) return null
  const needle = typed.trim().toLowerCase()
  const found = entries.length > SHOWN ? entries.filter((entry) => entry.toLowerCase().includes(needle)) : entries
  const shown = found.slice(0, all ? SHOWN_AT_MOST : SHOWN)
  const left = found.length - shown.length
  return (
    <ul
      className={classes('mt-2 flex flex-wrap gap-1', all && 'max-h-28 overflow-y-auto')}
      aria-label={`Entries of ${label}`}
    >
      {shown.map((entry) => {
        const count = matches?.count(entry)
        return (
          <li
            key={entry}
            title={count === 0 ? `${entry} matches no tool` : entry}
            className={classes(
              'flex h-6 max-w-full items-center rounded-control bg-sunken pl-2 font-mono text-meta',
              count === 0 && 'bg-warn-soft text-warn',
            )}
          >
            <span className="truncate">{entry}</span>
            {isPattern(entry) && count !== undefined && (
              <span className={classes('ml-1.5 font-sans tabular-nums', count > 0 && 'text-muted')}>
                {count.toLocaleString('en')}
              </span>
            )}
            <button
              type="button"
              aria-label={`Remove ${entry} from ${label}`}
              disabled={readOnly}
              onClick={() => onRemove(entry)}
              className="inline-flex size-6 flex-none items-center justify-center rounded-control hover:text-ink"
            >
              <X size={12} strokeWidth={2} aria-hidden />
            </button>
          </li>
        )
      })}
      {found.length > SHOWN && (
        <li className="flex h-6 items-center gap-2 text-meta text-muted">
          {all && left > 0 && `${left.toLocaleString('en')} more: type to find one`}
          <button type="button" className="h-6 px-1 text-accent underline" onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show all ${found.length.toLocaleString('en')}`}
          </button>
        </li>
      )}
    </ul>
  )
}
