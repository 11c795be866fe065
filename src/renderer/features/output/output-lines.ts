import type { OutputLine } from '../../../shared/contract/integrations.ts'

/** As many as the core keeps: a view holds no more, however long it is open. */
export const MAX_LINES = 2_000

export interface ShownLine extends Pick<OutputLine, 'seq' | 'at' | 'text'> {
  key: string
  /** `gap`: lines that came faster than they could be shown. */
  kind: OutputLine['kind'] | 'gap'
}

/** Where a view stands: the newest line that it was told, shown or cleared. */
export type OutputPlace = Pick<OutputLine, 'seq' | 'at'> | undefined

/** The lines of a batch that a view does not have yet, and where it stands after them. */
export function newLines(batch: readonly OutputLine[], place: OutputPlace): [lines: ShownLine[], place: OutputPlace] {
  const lines: ShownLine[] = []
  let last = place
  for (const line of batch) {
    // Numbers begin anew when the gateway does; the time tells a line of a new run from one that is told again.
    if (last && line.seq <= last.seq && line.at <= last.at) continue
    const missing = last && line.seq > last.seq ? line.seq - last.seq - 1 : 0
    // Lines that the core dropped it tells itself, by an event in their place.
    if (missing > 0 && line.kind !== 'event') {
      const text = missing === 1 ? '1 line was left out' : `${missing.toLocaleString('en')} lines were left out`
      lines.push({ key: `gap ${line.at} ${line.seq}`, seq: line.seq, at: line.at, kind: 'gap', text })
    }
    lines.push({ ...line, key: `${line.at} ${line.seq}` })
    last = line
  }
  return [lines, last]
}

/** The lines whose text holds what is looked for, in capitals or not. */
export function linesWith(lines: readonly ShownLine[], query: string): readonly ShownLine[] {
  const wanted = query.trim().toLowerCase()
  return wanted === '' ? lines : lines.filter(({ text }) => text.toLowerCase().includes(wanted))
}

/** Lines as text, one after the other, for the clipboard. */
export function linesAsText(lines: readonly ShownLine[]): string {
  return lines.map(({ at, kind, text }) => `${at} ${kind === 'stderr' ? '' : `[${kind}] `}${text}\n`).join('')
}
