import { classes } from './classes.ts'
import { diffLines, type DiffLine } from './diff-lines.ts'
import { ForeignText } from './foreign-text.tsx'

const looks: Record<DiffLine['kind'], { sign: string; word: string; className: string }> = {
  added: { sign: '+', word: 'Added: ', className: 'bg-ok-soft text-ok' },
  removed: { sign: '-', word: 'Removed: ', className: 'bg-err-soft text-err' },
  same: { sign: ' ', word: '', className: '' },
  place: { sign: ' ', word: '', className: 'text-subtle' },
}

/**
 * A unified diff, line by line; signs for those who see, words for those who listen. `prose`: somebody else's texts, whose
 * long lines go on below and whose hidden characters are shown.
 */
export function DiffView({ diff, label, prose = false }: { diff: string; label: string; prose?: boolean }) {
  return (
    <div
      role="region"
      aria-label={label}
      tabIndex={0}
      className="max-h-[44vh] overflow-auto rounded-panel bg-sunken py-2 font-mono text-code"
    >
      <div className={prose ? 'w-full' : 'w-max min-w-full'}>
        {diffLines(diff).map(({ kind, text }, index) => {
          const { sign, word, className } = looks[kind]
          // Where in a definition a change stands is plain from its lines.
          if (prose && kind === 'place') return index === 0 ? null : <hr key={index} className="my-1 border-line" />
          return (
            <div key={index} className={classes('flex px-3', !prose && 'whitespace-pre', className)}>
              <span aria-hidden className="w-4 flex-none select-none">
                {sign}
              </span>
              {word && <span className="sr-only">{word}</span>}
              {prose ? <ForeignText className="min-w-0 wrap-anywhere">{text}</ForeignText> : <span>{text}</span>}
            </div>
          )
        })}
      </div>
    </div>
  )
}
