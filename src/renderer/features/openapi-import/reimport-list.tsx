import { useBlocker, useNavigate } from '@tanstack/react-router'
import { CircleCheck } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import type { ImportDiff } from '../../../shared/contract/openapi.ts'
import type { RestSource } from '../../../shared/contract/rest.ts'
import { useConsole, usePlanLock, useRowHeight, useWritable } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { LeaveDialog } from '../../ui/leave-dialog.tsx'
import { VirtualGrid } from '../../ui/virtual-grid.tsx'
import { countWords } from '../../ui/words.ts'
import { useCommand } from '../../use-command.ts'
import { dayWords } from '../traffic/call-words.ts'
import { DocumentWarningsButton } from './document-warnings.tsx'
import { EntryDetails } from './entry-details.tsx'
import { EntryRow, SectionRow } from './entry-row.tsx'
import {
  entriesOf,
  type Entry,
  type Fate,
  keyOf,
  proposedChoice,
  type ReimportItem,
  reimportItems,
  toApply,
} from './reimport-rows.ts'
import { shareOf, toggled, withSelected } from './selection.ts'
import type { Spec } from './spec-files.ts'
import { documentOf } from './use-check.ts'
import { WizardFooter } from './wizard-footer.tsx'

/** What was found: new, changed, removed and deprecated operations, of which each is taken over or not. */
export function ReimportList({
  integration,
  source,
  spec,
  diff,
  onAnother,
}: {
  integration: Integration
  source: RestSource
  /** What was compared with; undefined: what is at the address. */
  spec: Spec | undefined
  diff: ImportDiff
  onAnother: () => void
}) {
  const { client } = useConsole()
  const navigate = useNavigate()
  const planLock = usePlanLock()
  const writable = useWritable()
  const rowHeight = useRowHeight()
  const entries = useMemo(() => entriesOf(diff), [diff])
  const proposed = useMemo(() => proposedChoice(diff), [diff])
  const [chosen, setChosen] = useState(proposed)
  const [closed, setClosed] = useState<ReadonlySet<Fate>>(() => new Set(['available']))
  const [openKey, setOpenKey] = useState<string>()
  const [problem, setProblem] = useState<Problem>()
  const [saving, setSaving] = useState(false)
  const items = useMemo(
    () => reimportItems(entries, { closed, openKey, rowHeight }),
    [entries, closed, openKey, rowHeight],
  )
  const { add, change, remove } = useMemo(() => toApply(entries, chosen), [entries, chosen])
  const isSame = diff.source.sha256 === source.sha256
  const isUnchanged = diff.added.length + diff.changed.length + diff.removed.length + diff.deprecated.length === 0
  const nothing = add.length + change.length + remove.length === 0
  const blocked =
    planLock ?? (writable ? (nothing && isSame ? 'There is nothing to take over' : undefined) : 'Reconnecting')
  const toTools = (): Promise<void> => navigate({ to: '/integrations/$slug/tools', params: { slug: integration.name } })

  const isEdited = chosen !== proposed
  const blocker = useBlocker({ shouldBlockFn: () => isEdited, enableBeforeUnload: false, withResolver: true })

  const apply = async (): Promise<void> => {
    if (blocked !== undefined || saving) return
    setSaving(true)
    setProblem(undefined)
    try {
      const { sha256 } = diff.source
      await client.openapi.apply({ name: integration.name, ...documentOf(spec), sha256, add, change, remove })
      await navigate({
        to: '/integrations/$slug/tools',
        params: { slug: integration.name },
        ignoreBlocker: true,
      })
    } catch (cause) {
      setProblem(problemOf(cause))
    } finally {
      setSaving(false)
    }
  }
  useCommand('submit', () => void apply())

  const toggleSection = (fate: Fate, open: boolean): void => {
    const next = new Set(closed)
    if (open) next.delete(fate)
    else next.add(fate)
    setClosed(next)
  }

  return (
    <>
      <div className="flex flex-none flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-6 py-2.5">
        <p role="status" className="flex min-w-0 items-start gap-2">
          {isUnchanged && <CircleCheck size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 flex-none text-ok" />}
          <span className="min-w-0 wrap-anywhere">
            <span className="font-medium">{headline(diff)}</span>{' '}
            <span className="text-muted">
              {isSame
                ? `The document is the one that was imported ${dayWords(source.imported_at)}.`
                : `Compared with ${spec?.name ?? diff.source.url ?? 'the newer document'}, ${diff.source.format}.`}
            </span>
          </span>
        </p>
        <div className="ml-auto flex flex-none items-center gap-2">
          <DocumentWarningsButton warnings={diff.warnings} />
          <Button onClick={onAnother}>Another document</Button>
        </div>
      </div>
      {diff.profiles.length + diff.calls.length > 0 && <Hit diff={diff} />}
      {items.length === 0 ? (
        <div className="flex-1" />
      ) : (
        <VirtualGrid
          label="Changes of the document"
          items={items}
          rowClassName="hover:bg-bg aria-selected:bg-accent-soft"
          tree={{
            level: ({ kind }) => (kind === 'section' ? 1 : 2),
            isOpen: (item) => (item.kind === 'section' ? item.open : undefined),
            onOpen: (item, open) => item.kind === 'section' && toggleSection(item.fate, open),
          }}
          selection={{
            isSelected: (item) => item.kind === 'entry' && chosen.has(item.key),
            onToggle: (item) => setChosen(toggled(chosen, choosable(item))),
            onExtend: (_from, to) => setChosen(withSelected(chosen, to.kind === 'entry' ? choosable(to) : [], true)),
            onAll: () => setChosen(withSelected(chosen, items.flatMap(choosable), true)),
            onNone: () => undefined,
          }}
          onOpen={(item) => {
            if (item.kind === 'section') toggleSection(item.fate, !item.open)
            else setOpenKey(item.open ? undefined : item.key)
          }}
        >
          {(item, active) =>
            item.kind === 'section' ? (
              <SectionRow
                fate={item.fate}
                total={item.entries.length}
                selected={item.entries.filter((entry) => chosen.has(keyOf(entry))).length}
                share={shareOf(chosen, item.entries.map(keyOf))}
                open={item.open}
                active={active}
                height={item.height}
              />
            ) : (
              <EntryRow
                entry={item.entry}
                selected={chosen.has(item.key)}
                active={active}
                height={rowHeight}
                details={item.open ? <EntryDetails entry={item.entry} /> : undefined}
              />
            )
          }
        </VirtualGrid>
      )}
      <WizardFooter
        problem={problem}
        busy={saving}
        blocked={blocked}
        label={applyLabel(add.length, change.length, remove.length)}
        onNext={() => void apply()}
        onCancel={() => void toTools()}
      />
      <LeaveDialog blocker={blocker} title="Leave without applying?">
        What you chose here is not stored.
      </LeaveDialog>
    </>
  )
}

/** Who uses what is changed or removed. */
function Hit({ diff: { profiles, calls } }: { diff: ImportDiff }) {
  const total = calls.reduce((sum, { count }) => sum + count, 0)
  const parts = [
    ...(profiles.length > 0 ? [`${profiles.length === 1 ? 'the profile' : 'the profiles'} ${names(profiles)}`] : []),
    ...(calls.length > 0 ? [`tools that were called ${countWords(total, 'time')} in the last 7 days`] : []),
  ]
  return (
    <p role="note" className="flex-none bg-warn-soft px-6 py-2">
      What is changed or removed hits {parts.join(' and ')}.
    </p>
  )
}

const MAX_NAMES = 5

function names(profiles: ImportDiff['profiles']): string {
  const shown = profiles.slice(0, MAX_NAMES).map(({ name }) => name)
  const more = profiles.length - shown.length
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ')
}

/** What a row stands for that can be chosen. */
function choosable(item: ReimportItem): string[] {
  const entries: readonly Entry[] = item.kind === 'section' ? item.entries : [item.entry]
  return entries.filter(({ fate }) => fate !== 'deprecated').map(keyOf)
}

function headline(diff: ImportDiff): string {
  const parts = [
    ...(diff.added.length > 0 ? [`${diff.added.length.toLocaleString('en')} new`] : []),
    ...(diff.changed.length > 0 ? [`${diff.changed.length.toLocaleString('en')} changed`] : []),
    ...(diff.removed.length > 0 ? [`${diff.removed.length.toLocaleString('en')} removed`] : []),
    ...(diff.deprecated.length > 0 ? [`${diff.deprecated.length.toLocaleString('en')} deprecated`] : []),
  ]
  if (parts.length > 0) return `${parts.join(', ')}; ${diff.unchanged.toLocaleString('en')} unchanged.`
  return diff.unchanged === 1
    ? 'Nothing changed for its tool.'
    : `Nothing changed for its ${countWords(diff.unchanged, 'tool')}.`
}

function applyLabel(add: number, change: number, remove: number): string {
  const parts = [
    ...(add > 0 ? [`add ${add.toLocaleString('en')}`] : []),
    ...(change > 0 ? [`change ${change.toLocaleString('en')}`] : []),
    ...(remove > 0 ? [`remove ${remove.toLocaleString('en')}`] : []),
  ]
  return parts.length > 0 ? `Apply: ${parts.join(', ')}` : 'Apply'
}
