import { ChevronDown, CircleQuestionMark, Globe, Glasses, type LucideIcon, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import type { Tool } from '../../../shared/contract/tools.ts'
import { Button } from '../../ui/button.tsx'
import { keySigns } from '../../ui/keys.ts'
import { AnchoredMenu } from '../../ui/menu.tsx'
import type { RowSelection } from '../../ui/row-selection.ts'
import { TriStateBox } from '../../ui/tri-state-box.tsx'
import { countWords } from '../../ui/words.ts'
import type { Choice } from './tool-filter.ts'
import { isOfKind, type ToolKind, toolKinds } from './tool-kinds.ts'

const icons: Record<ToolKind, LucideIcon> = {
  read_only: Glasses,
  destructive: TriangleAlert,
  open_world: Globe,
  none: CircleQuestionMark,
}

const actions: { choice: Choice; label: string; key: string }[] = [
  { choice: 'allow', label: 'Allow', key: 'a' },
  { choice: 'block', label: 'Block', key: 'b' },
  { choice: 'default', label: 'Clear', key: 'c' },
]

/** Over the list, in its place also when nothing is selected, so that no row moves under a hand that selects. */
export function SelectionBar({
  shown,
  selection,
  blocked,
  onSelect,
  onChoose,
}: {
  /** The tools that the list shows now. */
  shown: readonly Tool[]
  selection: RowSelection
  blocked: string | undefined
  /** Exactly these. */
  onSelect: (names: readonly string[]) => void
  onChoose: (choice: Choice) => void
}) {
  const [menu, setMenu] = useState<HTMLElement | null>(null)
  const { keys } = selection
  const selectedHere = keys.size === 0 ? 0 : shown.filter(({ name }) => keys.has(name)).length
  const elsewhere = keys.size - selectedHere
  const annotated = toolKinds.map(({ kind, label }) => {
    // Looked for when it is asked for: the list may be long.
    const names = menu ? shown.filter(({ annotations }) => isOfKind(annotations, kind)).map(({ name }) => name) : []
    return {
      label,
      icon: icons[kind],
      keys: names.length.toLocaleString('en'),
      disabled: names.length === 0,
      onSelect: () => onSelect([...new Set([...keys, ...names])]),
    }
  })
  const allHere = shown.length > 0 && selectedHere === shown.length
  return (
    <div className="flex min-h-10 flex-none flex-wrap items-center gap-x-2 gap-y-1 border-b border-line py-1.5 pr-6 pl-4">
      <label className="flex h-7 items-center gap-3">
        <span className="flex size-6 items-center justify-center">
          <TriStateBox
            share={allHere ? 'all' : selectedHere > 0 ? 'some' : 'none'}
            onChange={() => onSelect(allHere ? [] : shown.map(({ name }) => name))}
          />
        </span>
        Select shown
        <kbd aria-hidden className="font-sans text-meta text-subtle">
          {keySigns('$mod+a')}
        </kbd>
      </label>
      <Button
        look="quiet"
        size="small"
        aria-haspopup="menu"
        aria-expanded={menu !== null}
        onClick={({ currentTarget }) => setMenu(currentTarget)}
      >
        By annotation
        <ChevronDown size={14} strokeWidth={1.75} aria-hidden />
      </Button>
      <AnchoredMenu anchor={menu} label="By annotation" onClose={() => setMenu(null)} entries={annotated} />
      <p role="status" className="ml-auto text-muted tabular-nums">
        {keys.size > 0 && (
          <>
            <span className="font-medium text-ink">{keys.size.toLocaleString('en')} selected</span>
            {elsewhere > 0 && `, ${countWords(elsewhere, 'of them', 'of them')} not shown`}
          </>
        )}
      </p>
      {keys.size > 0 && (
        <div role="group" aria-label="With selection" className="flex items-center gap-2">
          {actions.map(({ choice, label, key }) => (
            <Button key={choice} size="small" keys={keySigns(key)} blocked={blocked} onClick={() => onChoose(choice)}>
              {label}
            </Button>
          ))}
          <Button size="small" look="quiet" onClick={() => onSelect([])}>
            Select none
            <kbd aria-hidden className="font-sans">
              {keySigns('Escape')}
            </kbd>
          </Button>
        </div>
      )}
    </div>
  )
}
