import { sizeWords } from '../playground/run-words.ts'
import type { SpecText } from './spec-files.ts'

/** Several of the files that were dropped describe an API. */
export function WhichDocument({
  documents,
  onChoose,
}: {
  documents: readonly SpecText[]
  onChoose: (document: SpecText) => void
}) {
  return (
    <section aria-label="Which document">
      <h2 className="mb-2 font-medium">Several of these files describe an API. Which one is it?</h2>
      <ul className="border-t border-line">
        {documents.map((document) => (
          <li key={document.path} className="border-b border-line">
            <button
              type="button"
              className="flex w-full items-baseline gap-3 px-2 py-2 text-left hover:bg-sunken"
              onClick={() => onChoose(document)}
            >
              <span className="min-w-0 flex-1 font-mono text-code break-all">{document.path}</span>
              <span className="flex-none text-muted tabular-nums">{sizeWords(document.text.length)}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
