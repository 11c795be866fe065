export interface DiffLine {
  kind: 'added' | 'removed' | 'same' | 'place'
  text: string
}

/** The lines of a unified diff without its two file names: the place it goes to stands above it. */
export function diffLines(diff: string): DiffLine[] {
  const lines = diff.split('\n')
  const start = lines.findIndex((line) => line.startsWith('@@'))
  if (start < 0) return []
  return lines.slice(start).flatMap((line): DiffLine[] => {
    if (line.startsWith('@@')) return [{ kind: 'place', text: line }]
    if (line.startsWith('+')) return [{ kind: 'added', text: line.slice(1) }]
    if (line.startsWith('-')) return [{ kind: 'removed', text: line.slice(1) }]
    // "\ No newline at end of file", and the end of the text itself.
    if (line.startsWith('\\') || line === '') return []
    return [{ kind: 'same', text: line.slice(1) }]
  })
}
