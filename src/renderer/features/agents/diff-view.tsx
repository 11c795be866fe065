import { classes } from '../../ui/classes.ts'
import { diffLines, type DiffLine } from './diff-lines.ts'

const looks: Record<DiffLine['kind'], { sign: string; word: string; className: string }> = {
  added: { sign: '+', word: 'Added: ', className: 'bg-ok-soft text-ok' },
  removed: { sign: '-', word: 'Removed: ', className: 'bg-err-soft text-err' },
  same: { sign: ' ', word: '', className: '' },
  place: { sign: ' ', word: '', className: 'text-subtle' },
}

/** A unified diff, line by line; signs for those who see, words for those who listen. */
export function DiffView({ diff, label }: { diff: string; label: string }) {
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="max-h-[44vh] overflow-auto rounded-panel bg-sunken py-2 font-mono text-code"
    >
      <div className="w-max min-w-full">
        {diffLines(diff).map(({ kind, text }, index) => {
          const { sign, word, className } = looks[kind]
          return (
            <div key={index} className={classes('flex px-3 whitespace-pre', className)}>
              <span aria-hidden className="w-4 flex-none select-none">
                {sign}
              </span>
              {word && <span className="sr-only">{word}</span>}
              <span>{text}</span>
            </div>
          )
        })}
      </div>
    </div>
  )
}
