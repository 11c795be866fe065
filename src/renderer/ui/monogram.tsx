import { classes } from './classes.ts'

const tints = [
  'bg-accent-soft text-accent-ink',
  'bg-info-soft text-info',
  'bg-ok-soft text-ok',
  'bg-warn-soft text-warn',
  'bg-sunken text-muted',
]

/** Stands for an integration: its first letter on a tint that its name chooses. Decoration: the name is always beside it. */
export function Monogram({ name, label, large }: { name: string; label: string; large?: boolean }) {
  const letter = [...new Intl.Segmenter('en').segment(label.trim() || name)][0]?.segment ?? '?'
  const tint = Array.from(name).reduce((sum, char) => sum + char.charCodeAt(0), 0) % tints.length
  return (
    <span
      aria-hidden
      className={classes(
        'inline-flex flex-none items-center justify-center rounded-control font-semibold uppercase select-none',
        large ? 'size-9 text-section' : 'size-7',
        tints[tint],
      )}
    >
      {letter}
    </span>
  )
}
