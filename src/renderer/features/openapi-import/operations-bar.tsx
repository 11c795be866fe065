import { useMemo } from 'react'
import type { PreviewTool } from '../../../shared/contract/openapi.ts'
import { Button } from '../../ui/button.tsx'
import { HiddenCount } from '../../ui/hidden-count.tsx'
import { keySigns } from '../../ui/keys.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Select } from '../../ui/select.tsx'
import { TriStateBox } from '../../ui/tri-state-box.tsx'
import { countWords } from '../../ui/words.ts'
import type { Totals } from './chosen-tools.ts'
import { countMethods, countTags, type Listed, NO_TAG, type OperationQuery } from './operation-list.ts'

const listedLabels: Record<Exclude<Listed, 'names'>, string> = {
  all: 'All',
  selected: 'Selected',
  unselected: 'Not selected',
  reading: 'Reading only',
  warnings: 'With warnings',
  deprecated: 'Deprecated',
}

/** What is searched for, and what is selected by now with what it costs. */
export function OperationsBar({
  tools,
  query,
  totals,
  problems,
  warnings,
  unusable,
  left,
  onQuery,
  onWarnings,
}: {
  tools: readonly PreviewTool[]
  query: OperationQuery
  totals: Totals
  /** Names that are wrong or taken. */
  problems: number
  /** About the document as a whole. */
  warnings: number
  /** Operations that could not be made into tools. */
  unusable: number
  /** Operations that are tools already. */
  left: number
  onQuery: (changes: Partial<OperationQuery>) => void
  onWarnings: () => void
}) {
  const tags = useMemo(() => countTags(tools), [tools])
  const methods = useMemo(() => countMethods(tools), [tools])
  const warned = useMemo(() => tools.filter((tool) => tool.warnings.length > 0).length, [tools])
  return (
    <div className="flex flex-none flex-wrap items-center gap-2 px-6 pt-2.5 pb-1">
      <SearchField
        label={`Search ${countWords(tools.length, 'operation')}`}
        value={query.q}
        onChange={(q) => onQuery({ q })}
        className="w-60"
      />
      {tags.length > 0 && (
        <Select
          label="Tag"
          prefix="Tag"
          value={query.tag}
          onChange={(tag) => onQuery({ tag })}
          className="max-w-60"
          options={[
            { value: NO_TAG, label: 'All' },
            ...tags.map(({ value, count }) => ({ value, label: value, hint: count.toLocaleString('en') })),
          ]}
        />
      )}
      <Select
        label="Method"
        prefix="Method"
        value={query.method}
        onChange={(method) => onQuery({ method })}
        options={[
          { value: '', label: 'All' },
          ...methods.map(({ value, count }) => ({ value, label: value, hint: count.toLocaleString('en') })),
        ]}
      />
      <Select<Listed>
        label="Shown"
        prefix="Shown"
        value={query.listed}
        onChange={(listed) => onQuery({ listed })}
        options={[
          ...(Object.keys(listedLabels) as (keyof typeof listedLabels)[]).map((value) => ({
            value,
            label: listedLabels[value],
          })),
          ...(problems > 0 || query.listed === 'names' ? [{ value: 'names' as const, label: 'Names to mend' }] : []),
        ]}
      />
      <p role="status" className="text-muted tabular-nums">
        <span className="text-ink">
          {totals.count.toLocaleString('en')} of {tools.length.toLocaleString('en')} selected
        </span>
        , about {countWords(totals.tokens, 'token')}
        {warned > 0 && (
          <>
            {' · '}
            {warned.toLocaleString('en')} with warnings{' '}
            <LinkButton label="Show operations with warnings" onClick={() => onQuery({ listed: 'warnings' })} />
          </>
        )}
        {problems > 0 && (
          <span className="text-err">
            {' · '}
            {countWords(problems, 'name')} to mend{' '}
            <LinkButton label="Show names to mend" onClick={() => onQuery({ listed: 'names' })} />
          </span>
        )}
        {(warnings > 0 || unusable > 0) && (
          <>
            {' · '}
            {unusable > 0
              ? `${countWords(unusable, 'operation')} left out`
              : countWords(warnings, 'note on the document', 'notes on the document')}{' '}
            <LinkButton label="Show notes on the document" onClick={onWarnings} />
          </>
        )}
        {left > 0 && ` · ${countWords(left, 'is a tool', 'are tools')} already`}
      </p>
    </div>
  )
}

/** Over the list: what is selected of it at once. */
export function SelectBar({
  share,
  shown,
  total,
  noneSelected,
  onSelect,
  onReading,
  onNone,
  onClear,
}: {
  /** How much of what is listed is selected. */
  share: 'all' | 'some' | 'none'
  shown: number
  total: number
  noneSelected: boolean
  onSelect: (wanted: boolean) => void
  onReading: () => void
  onNone: () => void
  onClear: () => void
}) {
  return (
    <div className="flex min-h-10 flex-none flex-wrap items-center gap-x-2 gap-y-1 border-b border-line py-1.5 pr-6 pl-4">
      <label className="flex h-7 items-center gap-3">
        <span className="flex size-6 items-center justify-center">
          <TriStateBox share={shown === 0 ? 'none' : share} onChange={() => onSelect(share !== 'all')} />
        </span>
        Select shown
        <kbd aria-hidden className="font-sans text-meta text-subtle">
          {keySigns('$mod+a')}
        </kbd>
      </label>
      <Button size="small" look="quiet" onClick={onReading} title="Of what is shown: those that read, and no other">
        Reading only
      </Button>
      <Button size="small" look="quiet" blocked={noneSelected ? 'Nothing is selected' : undefined} onClick={onNone}>
        Select none
      </Button>
      {shown < total && (
        <p role="status" className="ml-auto text-muted tabular-nums">
          <HiddenCount count={total - shown} onClear={onClear} />
        </p>
      )}
    </div>
  )
}

function LinkButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button type="button" aria-label={label} className="text-accent underline underline-offset-2" onClick={onClick}>
      Show
    </button>
  )
}
