import { X } from 'lucide-react'
import { useId, useState } from 'react'
import { classes } from '../../ui/classes.ts'
import { controlLook } from '../../ui/field.tsx'
import { readEntries } from './tool-filter.ts'

const SHOWN = 24

/** One of the two lists of the filter: names and patterns, added by Enter, comma or paste. */
export function EntryList({
  label,
  hint,
  entries,
  unmatched,
  readOnly,
  onChange,
}: {
  label: string
  hint: string
  entries: readonly string[]
  unmatched: readonly string[]
  readOnly: boolean
  onChange: (entries: string[]) => void
}) {
  const id = useId()
  const [text, setText] = useState('')
  const [all, setAll] = useState(false)
  const missing = new Set(unmatched)
  const add = (): void => {
    const added = readEntries(text)
    if (added.length > 0) onChange([...new Set([...entries, ...added])])
    setText('')
  }
  return (
    <div className="min-w-0">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>{' '}
      <span className="text-meta text-muted">{hint}</span>
      <input
        id={id}
        value={text}
        readOnly={readOnly}
        spellCheck={false}
        autoComplete="off"
        placeholder="name or pattern, for example get_*"
        onChange={(event) => setText(event.target.value)}
        onBlur={add}
        onPaste={(event) => {
          const clip = event.clipboardData.getData('text')
          if (!clip.includes('\n')) return
          event.preventDefault()
          onChange([...new Set([...entries, ...readEntries(clip)])])
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === ',') {
            event.preventDefault()
            add()
          }
          if (event.key === 'Backspace' && text === '' && !readOnly) onChange(entries.slice(0, -1))
        }}
        className={classes(controlLook, 'mt-1 h-8 border-line-strong font-mono text-code')}
      />
      {entries.length > 0 && (
        <ul className="mt-2 flex flex-wrap gap-1" aria-label={`Entries of ${label}`}>
          {(all ? entries : entries.slice(0, SHOWN)).map((entry) => (
            <li
              key={entry}
              className={classes(
                'flex h-6 max-w-full items-center rounded-control bg-sunken pl-2 font-mono text-meta',
                missing.has(entry) && 'bg-warn-soft text-warn',
              )}
            >
              <span className="truncate">{entry}</span>
              <button
                type="button"
                aria-label={`Remove ${entry} from ${label}`}
                disabled={readOnly}
                onClick={() => onChange(entries.filter((other) => other !== entry))}
                className="inline-flex size-6 flex-none items-center justify-center rounded-control hover:text-ink"
              >
                <X size={12} strokeWidth={2} aria-hidden />
              </button>
            </li>
          ))}
          {entries.length > SHOWN && (
            <li>
              <button type="button" className="h-6 px-1 text-meta text-accent underline" onClick={() => setAll(!all)}>
                {all ? 'Show fewer' : `Show all ${entries.length.toLocaleString('en')}`}
              </button>
            </li>
          )}
        </ul>
      )}
    </div>
  )
}
