import { Button } from '../../ui/button.tsx'
import { keySigns } from '../../ui/keys.ts'
import { countWords } from '../../ui/words.ts'
import { changeWords } from './filter-effect.ts'
import type { FilterDraft } from './use-filter-draft.ts'

/** What saving would change for agents, before and after, and the two ways out. */
export function FilterFooter({
  draft,
  total,
  blocked,
  onSave,
}: {
  draft: FilterDraft
  total: number
  blocked: string | undefined
  onSave: () => void
}) {
  const { change, effect, savedEffect, problem } = draft
  return (
    <footer className="flex flex-none items-center gap-2 border-t border-line px-6 py-3">
      <div role="status" className="min-w-0 flex-1">
        <p className="font-medium">{changeWords(change)}</p>
        <p className="text-meta text-muted tabular-nums">
          Now {savedEffect.exposed.toLocaleString('en')} of {countWords(total, 'tool')}, about{' '}
          {countWords(savedEffect.tokens, 'token')}; then {effect.exposed.toLocaleString('en')}, about{' '}
          {countWords(effect.tokens, 'token')}
        </p>
        {problem && (
          <p className="text-err">{[problem.message, ...problem.details.map(({ message }) => message)].join(' ')}</p>
        )}
      </div>
      <Button onClick={draft.discard}>Discard</Button>
      <Button look="primary" keys={keySigns('$mod+s')} busy={draft.saving} blocked={blocked} onClick={onSave}>
        Save
      </Button>
    </footer>
  )
}
