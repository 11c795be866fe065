import { ChevronDown, ChevronRight } from 'lucide-react'
import { memo, type ReactNode } from 'react'
import { withoutHidden } from '../../../shared/hidden-characters.ts'
import { TriStateBox } from '../../ui/tri-state-box.tsx'
import { countWords } from '../../ui/words.ts'
import { DeprecatedMark, MethodBadge, WarningCount } from './operation-marks.tsx'
import { type Entry, type Fate, fateLabels } from './reimport-rows.ts'

const columns =
  'grid items-center gap-2 pr-6 pl-4 grid-cols-[24px_16px_60px_minmax(0,1fr)_minmax(0,110px)] @min-[640px]:grid-cols-[24px_16px_60px_minmax(0,1.1fr)_minmax(0,1fr)_220px] @min-[640px]:gap-3'

export function SectionRow({
  fate,
  total,
  selected,
  share,
  open,
  active,
  height,
}: {
  fate: Fate
  total: number
  selected: number
  share: 'all' | 'some' | 'none'
  open: boolean
  active: boolean
  height: number
}) {
  const Chevron = open ? ChevronDown : ChevronRight
  return (
    <div
      role="presentation"
      style={{ height }}
      className="grid grid-cols-[24px_16px_minmax(0,1fr)_auto] items-center gap-2 border-b border-line bg-bg pr-6 pl-4 @min-[640px]:gap-3"
    >
      {fate === 'deprecated' ? (
        <span role="gridcell" />
      ) : (
        <span role="gridcell" data-action="select" className="flex size-6 items-center justify-center">
          <TriStateBox
            share={share}
            aria-label={`Select all of ${fateLabels[fate]}`}
            tabIndex={active ? 0 : -1}
            readOnly
          />
        </span>
      )}
      <Chevron size={16} strokeWidth={1.75} aria-hidden className="text-subtle" />
      <span role="gridcell" className="font-semibold">
        {fateLabels[fate]} <span className="font-normal text-muted tabular-nums">{total.toLocaleString('en')}</span>
      </span>
      <span role="gridcell" className="text-meta text-muted tabular-nums">
        {fate === 'deprecated' ? 'They stay; agents can still call them' : `${selected.toLocaleString('en')} selected`}
      </span>
    </div>
  )
}

/** One operation that is not as it was, and who is hit by that. */
export const EntryRow = memo(function EntryRow({
  entry,
  selected,
  active,
  height,
  details,
}: {
  entry: Entry
  selected: boolean
  active: boolean
  height: number
  details?: ReactNode
}) {
  const open = details !== undefined
  const Chevron = open ? ChevronDown : ChevronRight
  const [method = '', ...rest] = entry.operation.split(' ')
  const path = withoutHidden(rest.join(' '))
  const line = (
    <div
      role="presentation"
      style={{ height: open ? height - 1 : height }}
      className={open ? columns : `${columns} border-b border-line`}
    >
      {entry.fate === 'deprecated' ? (
        <span role="gridcell" />
      ) : (
        <span role="gridcell" data-action="select" className="flex size-6 items-center justify-center">
          <input
            type="checkbox"
            aria-label={`${verbs[entry.fate]} ${entry.tool}`}
            tabIndex={active ? 0 : -1}
            readOnly
            checked={selected}
            className="size-4"
          />
        </span>
      )}
      <Chevron size={16} strokeWidth={1.75} aria-hidden className="text-subtle" />
      <span role="gridcell" className="flex">
        <MethodBadge method={method} />
      </span>
      <span role="gridcell" aria-expanded={open} className="flex min-w-0 items-baseline gap-2">
        <span className="truncate font-mono text-code" title={path}>
          {path}
        </span>
        {entry.preview?.operation?.deprecated && <DeprecatedMark />}
        <WarningCount count={entry.preview?.warnings.length ?? 0} />
      </span>
      <span
        role="gridcell"
        className="hidden min-w-0 truncate font-mono text-code font-medium @min-[640px]:block"
        title={entry.tool}
      >
        {entry.tool}
      </span>
      <span role="gridcell" className="truncate text-meta text-muted tabular-nums" title={factsOf(entry)}>
        {factsOf(entry)}
      </span>
    </div>
  )
  if (!open) return line
  return (
    <div role="presentation" className="border-b border-line">
      {line}
      <div role="gridcell" data-action="none" className="px-13 pt-1 pb-5">
        {details}
      </div>
    </div>
  )
})

const verbs: Record<Fate, string> = {
  added: 'Add',
  available: 'Add',
  changed: 'Change',
  removed: 'Remove',
  deprecated: '',
}

/** `3 fields, 1 kept · 2 profiles · 14 calls`. */
function factsOf({ fate, fields, preview, profiles, calls }: Entry): string {
  const kept = fields.filter((field) => field.kept).length
  return [
    ...(fate === 'changed' ? [`${countWords(fields.length, 'field')}${kept > 0 ? `, ${kept} kept` : ''}`] : []),
    ...(preview ? [`about ${countWords(preview.tokens, 'token')}`] : []),
    ...(profiles.length > 0 ? [countWords(profiles.length, 'profile')] : []),
    ...(calls ? [countWords(calls.count, 'call')] : []),
  ].join(' · ')
}
