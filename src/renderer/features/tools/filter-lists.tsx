import { TriangleAlert } from 'lucide-react'
import { useDeferredValue, useMemo } from 'react'
import { Button } from '../../ui/button.tsx'
import { countWords } from '../../ui/words.ts'
import { EntryList } from './entry-list.tsx'
import type { EntryMatches } from './entry-matches.ts'
import { applyFolds, type Fold, proposeFolds } from './fold-names.ts'
import type { Filter } from './tool-filter.ts'

const NAMED_PATTERNS = 3

/** The allow list and the block list, with what is wrong with them and what would make them shorter. */
export function FilterLists({
  filter,
  names,
  matches,
  hidesAll,
  blocked,
  onChange,
}: {
  filter: Filter
  /** Every tool that the filter is for. */
  names: readonly string[]
  matches: EntryMatches
  hidesAll: boolean
  blocked: string | undefined
  onChange: (filter: Filter) => void
}) {
  // Looked for after the change has been drawn: it takes longest in the lists that need it most.
  const settled = useDeferredValue(filter)
  const folds = useMemo(
    () => ({ enabled: proposeFolds(settled.enabled, names), disabled: proposeFolds(settled.disabled, names) }),
    [settled, names],
  )
  const unmatched = useMemo(
    () => [...matches.unmatched(filter.enabled), ...matches.unmatched(filter.disabled)],
    [matches, filter],
  )
  return (
    <div className="flex-none border-b border-line px-6 py-4">
      <div className="grid grid-cols-2 items-start gap-6">
        <EntryList
          label="Allow list"
          hint="empty = all tools"
          entries={filter.enabled}
          matches={matches}
          readOnly={blocked !== undefined}
          onChange={(enabled) => onChange({ ...filter, enabled })}
        />
        <EntryList
          label="Block list"
          hint="applied after the allow list"
          entries={filter.disabled}
          matches={matches}
          readOnly={blocked !== undefined}
          onChange={(disabled) => onChange({ ...filter, disabled })}
        />
      </div>
      {hidesAll && (
        <p role="status" className="mt-2 flex items-center gap-2 text-warn">
          <TriangleAlert size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
          This filter hides every tool: agents see none of this integration.
        </p>
      )}
      {unmatched.length > 0 && (
        <p className="mt-2 flex items-center gap-2 text-warn">
          {countWords(unmatched.length, 'name matches', 'names match')} no tool
          <Button
            size="small"
            blocked={blocked}
            onClick={() => {
              const gone = new Set(unmatched)
              const keep = (entry: string): boolean => !gone.has(entry)
              onChange({ enabled: filter.enabled.filter(keep), disabled: filter.disabled.filter(keep) })
            }}
          >
            Remove
          </Button>
        </p>
      )}
      {settled === filter && (
        <>
          <FoldProposal
            list="allow list"
            effect="allow"
            folds={folds.enabled}
            blocked={blocked}
            onFold={() => onChange({ ...filter, enabled: applyFolds(filter.enabled, folds.enabled) })}
          />
          <FoldProposal
            list="block list"
            effect="block"
            folds={folds.disabled}
            blocked={blocked}
            onFold={() => onChange({ ...filter, disabled: applyFolds(filter.disabled, folds.disabled) })}
          />
        </>
      )}
    </div>
  )
}

/** "120 names of the block list can be 2 patterns: create_*, delete_*". */
function FoldProposal({
  list,
  effect,
  folds,
  blocked,
  onFold,
}: {
  list: string
  effect: string
  folds: readonly Fold[]
  blocked: string | undefined
  onFold: () => void
}) {
  if (folds.length === 0) return null
  const count = folds.reduce((sum, { names }) => sum + names.length, 0)
  const more = folds.length - NAMED_PATTERNS
  return (
    <p className="mt-2 flex items-center gap-2 text-muted">
      <span className="min-w-0">
        {countWords(count, 'name')} of the {list} can be {countWords(folds.length, 'pattern')}:{' '}
        <span className="font-mono text-code text-ink">
          {folds
            .slice(0, NAMED_PATTERNS)
            .map(({ pattern }) => pattern)
            .join(', ')}
        </span>
        {more > 0 && ` and ${more.toLocaleString('en')} more`}. Patterns also {effect} tools that come later.
      </span>
      <Button size="small" blocked={blocked} onClick={onFold}>
        Fold
      </Button>
    </p>
  )
}
