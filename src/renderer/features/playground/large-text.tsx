import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { JsonEditor } from '../../ui/json-editor.tsx'

/** Laying out more text at once can be felt. */
const SHOWN = 20_000

/** Text of a tool, never more of it on screen than a screen can bear; all of it can be shown and copied. */
export function LargeText({ label, text }: { label: string; text: string }) {
  const [whole, setWhole] = useState(false)
  const long = text.length > SHOWN * 1.5
  if (!long) return <ForeignText className="block font-mono text-code wrap-anywhere">{text}</ForeignText>
  return (
    <div>
      {whole ? (
        <div className="h-[60vh]">
          <JsonEditor label={label} value={text} readOnly language="text" />
        </div>
      ) : (
        <ForeignText className="block font-mono text-code wrap-anywhere">{text.slice(0, SHOWN)}</ForeignText>
      )}
      <p className="mt-2 flex flex-wrap items-center gap-2 text-muted">
        {whole ? (
          <>All {count(text.length)} characters.</>
        ) : (
          <>
            {count(SHOWN)} of {count(text.length)} characters.
          </>
        )}
        <Button size="small" onClick={() => setWhole(!whole)}>
          {whole ? 'Show less' : 'Show all'}
        </Button>
        <CopyButton size="small" text={text}>
          Copy all
        </CopyButton>
      </p>
    </div>
  )
}

function count(value: number): string {
  return value.toLocaleString('en')
}
