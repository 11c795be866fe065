import type { FieldChange, ImportDiff, PreviewTool } from '../../../shared/contract/openapi.ts'
import type { GridItem } from '../../ui/virtual-grid.tsx'
import { operationWords, startsSelected } from './chosen-tools.ts'

/** What can be done about an entry of a comparison. `deprecated` is only told. */
export type Fate = 'added' | 'changed' | 'removed' | 'deprecated' | 'available'

const fates: readonly Fate[] = ['added', 'changed', 'removed', 'deprecated', 'available']

export const fateLabels: Record<Fate, string> = {
  added: 'New',
  changed: 'Changed',
  removed: 'Removed',
  deprecated: 'Deprecated',
  available: 'Not chosen before',
}

export interface Entry {
  fate: Fate
  /** Of the tool that is there, or would be. */
  tool: string
  /** `GET /invoices/{id}`. */
  operation: string
  /** Of `changed`. */
  fields: readonly FieldChange[]
  /** The tool that it would be, of what is new. */
  preview: PreviewTool | undefined
  /** Profiles that name the tool, and its calls of the last seven days. */
  profiles: readonly string[]
  calls: ImportDiff['calls'][number] | undefined
}

/** Every entry of a comparison, in the order in which it is shown. */
export function entriesOf(diff: ImportDiff): Entry[] {
  const calls = new Map(diff.calls.map((call) => [call.tool, call]))
  const profiles = new Map<string, string[]>()
  for (const { name, tools } of diff.profiles) {
    for (const tool of tools) profiles.set(tool, [...(profiles.get(tool) ?? []), name])
  }
  const existing = (
    fate: Fate,
    of: { tool: string; operation: string },
    fields: readonly FieldChange[] = [],
  ): Entry => ({
    fate,
    tool: of.tool,
    operation: of.operation,
    fields,
    preview: undefined,
    profiles: profiles.get(of.tool) ?? [],
    calls: calls.get(of.tool),
  })
  const fresh = (fate: Fate, preview: PreviewTool): Entry => ({
    fate,
    tool: preview.name,
    operation: operationWords(preview),
    fields: [],
    preview,
    profiles: [],
    calls: undefined,
  })
  return [
    ...diff.added.map((tool) => fresh('added', tool)),
    ...diff.changed.map((change) => existing('changed', change, change.fields)),
    ...diff.removed.map((tool) => existing('removed', tool)),
    ...diff.deprecated.map((tool) => existing('deprecated', tool)),
    ...diff.available.map((tool) => fresh('available', tool)),
  ]
}

export function keyOf({ fate, tool }: Pick<Entry, 'fate' | 'tool'>): string {
  return `${fate} ${tool}`
}

/**
 * What is taken over unless somebody says otherwise: what changed and what is gone. New operations are chosen as at a first
 * import where all operations had been chosen by then; somebody who picked a few is not given more.
 */
export function proposedChoice(diff: ImportDiff): ReadonlySet<string> {
  const hadAll = diff.available.length === 0
  return new Set(
    entriesOf(diff)
      .filter(
        ({ fate, preview }) =>
          fate === 'changed' ||
          fate === 'removed' ||
          (fate === 'added' && hadAll && preview && startsSelected(preview)),
      )
      .map(keyOf),
  )
}

/** The lists that `openapi.apply` takes. */
export function toApply(entries: readonly Entry[], chosen: ReadonlySet<string>) {
  const toolsOf = (...wanted: Fate[]): string[] =>
    entries.filter((entry) => wanted.includes(entry.fate) && chosen.has(keyOf(entry))).map(({ tool }) => tool)
  return { add: toolsOf('added', 'available'), change: toolsOf('changed'), remove: toolsOf('removed') }
}

interface SectionItem extends GridItem {
  kind: 'section'
  fate: Fate
  entries: readonly Entry[]
  open: boolean
}

interface EntryItem extends GridItem {
  kind: 'entry'
  entry: Entry
  open: boolean
}

export type ReimportItem = SectionItem | EntryItem

const OPEN_HEIGHT = 320
const SECTION_HEIGHT = 36

export function reimportItems(
  entries: readonly Entry[],
  options: { closed: ReadonlySet<Fate>; openKey: string | undefined; rowHeight: number },
): ReimportItem[] {
  return fates.flatMap((fate): ReimportItem[] => {
    const own = entries.filter((entry) => entry.fate === fate)
    if (own.length === 0) return []
    const open = !options.closed.has(fate)
    const rows = own.map((entry): EntryItem => {
      const key = keyOf(entry)
      return key === options.openKey
        ? { kind: 'entry', key, entry, open: true, height: OPEN_HEIGHT, measured: true }
        : { kind: 'entry', key, entry, open: false, height: options.rowHeight }
    })
    const section: SectionItem = {
      kind: 'section',
      key: `section ${fate}`,
      fate,
      entries: own,
      open,
      height: Math.min(SECTION_HEIGHT, options.rowHeight),
    }
    return [section, ...(open ? rows : [])]
  })
}
