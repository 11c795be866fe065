import type { SelectOption } from '../../ui/select.tsx'
import { toolKinds } from './tool-kinds.ts'
import { isShown, type Shown } from './tool-search.ts'

const labels: readonly { value: Shown; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'exposed', label: 'Exposed' },
  { value: 'hidden', label: 'Hidden' },
  { value: 'unapproved', label: 'To approve' },
  { value: 'flagged', label: 'With findings' },
  ...toolKinds.map(({ kind, label }) => ({ value: kind, label })),
]

/** The choices of the filter "Shown", each with how many tools it shows. */
export function shownOptions<Tool extends Parameters<typeof isShown>[0]>(
  tools: readonly Tool[],
  isExposed: (tool: Tool) => boolean,
): SelectOption<Shown>[] {
  return labels.map(({ value, label }) => ({
    value,
    label,
    hint: tools.filter((tool) => isShown(tool, value, isExposed)).length.toLocaleString('en'),
  }))
}

/** What an address says of the filter; anything else shows all. */
export function readShown(text: string | undefined): Shown {
  return labels.find(({ value }) => value === text)?.value ?? 'all'
}
