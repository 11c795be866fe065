import { Lock, RotateCw } from 'lucide-react'
import { useEffect, useEffectEvent, useId, useState } from 'react'
import type { Destination } from '../../../shared/contract/channels.ts'
import { useConsole } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { controlLook, FieldError } from '../../ui/field.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'

const TYPING_MS = 250
/** More than this is found by the search, not by scrolling. */
const SHOWN = 100

interface Found {
  items: readonly Destination[]
  complete: boolean
}

/** One channel of Slack, found by its name. */
export function SlackPicker({
  value,
  error,
  onChange,
}: {
  value: { channel_id: string; channel_name: string }
  error: string | undefined
  onChange: (value: { channel_id: string; channel_name: string }) => void
}) {
  const id = useId()
  const [query, setQuery] = useState('')
  const { found, problem, busy, reload } = useDestinations(query)
  const hint = found?.items.find((destination) => destination.id === value.channel_id)?.hint ?? null
  return (
    <fieldset
      aria-describedby={error === undefined ? undefined : `${id}error`}
      data-fault={error === undefined ? undefined : true}
    >
      <legend className="mb-1 font-medium">Channel</legend>
      {value.channel_id !== '' && (
        <p className="mb-2">
          <span className="text-muted">Chosen: </span>
          <span className="font-medium">#{value.channel_name === '' ? value.channel_id : value.channel_name}</span>
        </p>
      )}
      <div className="rounded-panel border border-line">
        <div className="flex items-center gap-2 border-b border-line p-2">
          <input
            type="search"
            aria-label="Search channels of Slack"
            placeholder="Search channels"
            autoComplete="off"
            spellCheck={false}
            maxLength={100}
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            className={classes(controlLook, 'h-7 max-w-60 border-line-strong')}
          />
          <span role="status" className="text-meta text-muted">
            {busy ? 'Asking Slack' : found && !found.complete ? 'There are more: search for them.' : ''}
          </span>
          <Button size="small" look="quiet" icon={RotateCw} className="ml-auto" onClick={reload}>
            Refresh
          </Button>
        </div>
        {problem ? (
          <p role="alert" className="p-3 text-err wrap-anywhere">
            {problem.message}
          </p>
        ) : (
          <div role="radiogroup" aria-label="Channels of Slack" className="max-h-52 overflow-y-auto p-1">
            {found?.items.slice(0, SHOWN).map((destination) => (
              <label
                key={destination.id}
                className="flex min-h-7 items-center gap-2 rounded-control px-2 hover:bg-sunken"
              >
                <input
                  type="radio"
                  name={id}
                  className="size-4 flex-none"
                  checked={destination.id === value.channel_id}
                  onChange={() => onChange({ channel_id: destination.id, channel_name: destination.name })}
                />
                <span className="flex min-w-0 items-center gap-1">
                  {destination.is_private ? (
                    <Lock size={14} strokeWidth={1.75} aria-label="Private" className="flex-none text-muted" />
                  ) : (
                    <span aria-hidden className="text-muted">
                      #
                    </span>
                  )}
                  <span className="truncate">
                    <ForeignText>{destination.name}</ForeignText>
                  </span>
                </span>
                {destination.hint !== null && (
                  <span className="ml-auto truncate text-meta text-warn" title={destination.hint}>
                    {destination.hint}
                  </span>
                )}
              </label>
            ))}
            {found?.items.length === 0 && <p className="px-2 py-1 text-muted">Nothing matches.</p>}
          </div>
        )}
      </div>
      {hint !== null && <p className="mt-1 text-warn">{hint}</p>}
      {error !== undefined && <FieldError id={`${id}error`}>{error}</FieldError>}
    </fieldset>
  )
}

/** What Slack has for what was typed, shortly after the typing rests; what was found before stays until then. */
function useDestinations(query: string) {
  const { client } = useConsole()
  const [told, setTold] = useState<{ found: Found | undefined; problem: Problem | undefined; of: string }>({
    found: undefined,
    problem: undefined,
    of: '',
  })
  const [attempt, setAttempt] = useState(0)
  const wanted = `${attempt} ${query}`
  const ask = useEffectEvent(async (signal: AbortSignal) => {
    try {
      const fresh = attempt > 0 ? ({ fresh: 'true' } as const) : {}
      const found = await client.channels.destinations({ kind: 'slack', query: query.trim(), ...fresh }, { signal })
      if (!signal.aborted) setTold({ found, problem: undefined, of: wanted })
    } catch (cause) {
      if (!signal.aborted) setTold((before) => ({ ...before, problem: problemOf(cause), of: wanted }))
    }
  })
  useEffect(() => {
    const left = new AbortController()
    const timer = setTimeout(() => void ask(left.signal), query === '' ? 0 : TYPING_MS)
    return () => {
      clearTimeout(timer)
      left.abort()
    }
  }, [query, attempt])
  return {
    found: told.found,
    problem: told.problem,
    busy: told.of !== wanted,
    reload: () => setAttempt((before) => before + 1),
  }
}
