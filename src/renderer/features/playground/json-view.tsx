import { useMemo, useState } from 'react'
import { parseJson } from '../../json/parse.ts'
import { valueAt } from '../../json/pointer.ts'
import { printJson } from '../../json/print.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { JsonEditor } from '../../ui/json-editor.tsx'

/** Above this only the beginning is shown at first: reading and laying out megabytes can be felt. */
const SHOWN = 500_000

/** JSON of a result with line breaks, or one member of it; its numbers are as the server wrote them. */
export function JsonView({ label, json, pointer = '' }: { label: string; json: string; pointer?: string }) {
  const [whole, setWhole] = useState(false)
  const text = useMemo(() => pretty(json, pointer), [json, pointer])
  const long = text.length > SHOWN
  return (
    <div className="flex min-h-60 flex-1 flex-col gap-2">
      <div className="min-h-0 flex-1">
        <JsonEditor label={label} value={long && !whole ? text.slice(0, SHOWN) : text} readOnly />
      </div>
      <p className="flex flex-none flex-wrap items-center gap-2 text-muted">
        {long && (
          <>
            {whole ? 'All' : `${SHOWN.toLocaleString('en')} of`} {text.length.toLocaleString('en')} characters.
            <Button size="small" onClick={() => setWhole(!whole)}>
              {whole ? 'Show less' : 'Show all'}
            </Button>
          </>
        )}
        <CopyButton size="small" text={text} className="ml-auto">
          {long ? 'Copy all' : 'Copy'}
        </CopyButton>
      </p>
    </div>
  )
}

/** What cannot be read is shown as it came. */
function pretty(json: string, pointer: string): string {
  const { value } = parseJson(json)
  const part = valueAt(value, pointer)
  return part === undefined ? json : printJson(part)
}
