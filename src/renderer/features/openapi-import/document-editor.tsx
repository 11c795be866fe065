import { useId, useMemo, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { FieldError } from '../../ui/field.tsx'
import { JsonEditor } from '../../ui/json-editor.tsx'
import { faultOf, problemWords } from './fault-place.ts'
import type { SourceDraft } from './spec-source.ts'
import type { usePreview } from './use-preview.ts'

/** The text itself, to be pasted or mended. Where it stops being readable the cursor is there. */
export function DocumentEditor({
  draft: { text = '', of },
  reading,
  stopped,
  onText,
  onRead,
  onClose,
}: {
  draft: SourceDraft
  reading: ReturnType<typeof usePreview>['reading']
  stopped: string | undefined
  onText: (text: string) => void
  onRead: () => void
  onClose: () => void
}) {
  const { problem } = reading
  const fault = useMemo(() => (problem ? faultOf(problem, text) : undefined), [problem, text])
  const problemId = useId()
  // Decided once: another editor would lose the cursor.
  const [language] = useState<'json' | 'text'>(() => (/^\s*([{[]|$)/.test(text) ? 'json' : 'text'))
  return (
    <section aria-label="Text of the document" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2">
        <h2 className="min-w-0 font-medium break-all">{of?.name ?? 'Paste the document, JSON or YAML'}</h2>
        <div className="ml-auto flex gap-2">
          <Button onClick={onClose}>Close editor</Button>
          <Button
            look="primary"
            blocked={stopped ?? (text.trim() === '' ? 'Paste the document first' : undefined)}
            onClick={onRead}
          >
            Read
          </Button>
        </div>
      </div>
      <div className="h-[46vh] min-h-48">
        <JsonEditor
          label="Text of the document"
          language={language}
          value={text}
          onChange={onText}
          fault={fault}
          goesToFault
          invalid={problem !== undefined}
          describedBy={problemId}
        />
      </div>
      <div id={problemId} aria-live="polite">
        {problem && <FieldError>{problemWords(problem)}</FieldError>}
      </div>
    </section>
  )
}
