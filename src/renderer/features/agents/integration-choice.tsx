import { useMemo, useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { controlLook } from '../../ui/field.tsx'
import { nameOf, sortIntegrations } from '../integrations/catalog-filter.ts'

/** More than this is found by the search, not by scrolling. */
const SHOWN = 100
const SEARCH_FROM = 8

/** Some of the integrations, by checkboxes. One that is chosen and gone stays in the list, so that it can be taken out. */
export function IntegrationChoice({
  integrations,
  chosen,
  onChange,
}: {
  integrations: readonly Integration[]
  chosen: readonly string[]
  onChange: (chosen: string[]) => void
}) {
  const [q, setQ] = useState('')
  const known = useMemo(
    () => sortIntegrations(integrations).map((integration) => ({ name: integration.name, label: nameOf(integration) })),
    [integrations],
  )
  const rows = useMemo(() => {
    const names = new Set(known.map(({ name }) => name))
    const gone = chosen.filter((name) => !names.has(name)).map((name) => ({ name, label: `${name} (deleted)` }))
    const needle = q.trim().toLowerCase()
    return [...gone, ...known].filter(({ name, label }) => `${label}\n${name}`.toLowerCase().includes(needle))
  }, [known, chosen, q])
  const isChosen = new Set(chosen)
  const allShown = rows.length > 0 && rows.every(({ name }) => isChosen.has(name))
  const shownNames = new Set(rows.map(({ name }) => name))
  return (
    <div className="mt-2 rounded-panel border border-line">
      <div className="flex items-center gap-2 border-b border-line p-2">
        {known.length >= SEARCH_FROM && (
          <input
            type="search"
            aria-label="Search integrations to choose"
            placeholder="Search integrations"
            value={q}
            onChange={(event) => setQ(event.target.value)}
            className={classes(controlLook, 'h-7 max-w-60 border-line-strong')}
          />
        )}
        <span role="status" className="text-meta text-muted">
          {chosen.length.toLocaleString('en')} chosen
        </span>
        <Button
          size="small"
          look="quiet"
          className="ml-auto"
          onClick={() =>
            onChange(
              allShown
                ? chosen.filter((name) => !shownNames.has(name))
                : [...new Set([...chosen, ...rows.map(({ name }) => name)])],
            )
          }
        >
          {allShown ? 'Choose none' : 'Choose all'}
        </Button>
      </div>
      <ul aria-label="Integrations" className="max-h-44 overflow-y-auto p-1">
        {rows.slice(0, SHOWN).map(({ name, label }) => (
          <li key={name}>
            <label className="flex h-7 items-center gap-2 rounded-control px-2 hover:bg-sunken">
              <input
                type="checkbox"
                className="size-4 flex-none"
                checked={isChosen.has(name)}
                onChange={(event) =>
                  onChange(event.target.checked ? [...chosen, name] : chosen.filter((other) => other !== name))
                }
              />
              <span className="truncate">{label}</span>
              <span className="ml-auto truncate font-mono text-code text-muted">{name}</span>
            </label>
          </li>
        ))}
        {rows.length > SHOWN && (
          <li className="px-2 py-1 text-meta text-muted">
            {(rows.length - SHOWN).toLocaleString('en')} more: search for them.
          </li>
        )}
        {rows.length === 0 && <li className="px-2 py-1 text-muted">Nothing matches.</li>}
      </ul>
    </div>
  )
}
