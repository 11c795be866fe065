import { useState } from 'react'
import { ForeignText } from './foreign-text.tsx'

const SHOWN = 400

/** Somebody else's text, of which the beginning is shown where it is long. */
export function LongText({ text, className }: { text: string; className?: string }) {
  const [whole, setWhole] = useState(false)
  const long = text.length > SHOWN * 1.25
  return (
    <>
      <ForeignText {...(className ? { className } : {})}>
        {long && !whole ? `${text.slice(0, SHOWN).trimEnd()}…` : text}
      </ForeignText>{' '}
      {long && (
        <button
          type="button"
          aria-expanded={whole}
          onClick={() => setWhole(!whole)}
          className="inline-flex h-6 items-center rounded-control text-meta text-accent hover:underline"
        >
          {whole ? 'Show less' : 'Show all'}
        </button>
      )}
    </>
  )
}
