import { CircleCheck, LoaderCircle } from 'lucide-react'
import { type ReactNode, useEffect, useEffectEvent } from 'react'
import { Button } from '../../ui/button.tsx'
import { FieldError, TextField } from '../../ui/field.tsx'
import { countWords } from '../../ui/words.ts'
import { DocumentEditor } from './document-editor.tsx'
import { DropArea } from './drop-area.tsx'
import type { PlacedFile } from './dropped-files.ts'
import { problemWords } from './fault-place.ts'
import { type SourceDraft, sourceOfText, sourceWords } from './spec-source.ts'
import type { Preview, SpecSource, usePreview } from './use-preview.ts'
import { useSpecFiles } from './use-spec-files.ts'
import { WhichDocument } from './which-document.tsx'

/** Where the document comes from: a file, a folder, an archive, a text or an address. It is read as soon as it is there. */
export function SourceStep({
  reading,
  read: { source, preview },
  draft,
  blocked,
  credentials,
  handed,
  onDraft,
  onRead,
  onCancel,
  onForget,
}: {
  reading: ReturnType<typeof usePreview>['reading']
  /** What was read last and is worked on. */
  read: { source?: SpecSource | undefined; preview?: Preview | undefined }
  draft: SourceDraft
  blocked: string | undefined
  /** Fields of the credentials that an address may need. */
  credentials?: ReactNode
  /** Files that another screen gave along: taken when the step opens. */
  handed?: PlacedFile[] | undefined
  onDraft: (draft: SourceDraft) => void
  onRead: (source: SpecSource) => void
  onCancel: () => void
  onForget: () => void
}) {
  const files = useSpecFiles((spec) => onRead({ kind: 'file', ...spec }))
  const takeHanded = useEffectEvent(() => {
    if (handed) void files.take(handed)
  })
  useEffect(() => takeHanded(), [])
  const busy = reading.state === 'reading'
  const failed = reading.state === 'failed' ? reading.problem : undefined
  const stopped = blocked ?? (busy ? 'A document is being read' : undefined)
  const closeEditor = (): void => onDraft({ url: draft.url })
  const readText = (): void => {
    const { text = '', of } = draft
    onRead(sourceOfText(text, of))
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-6 py-5" tabIndex={0} aria-label="Source">
      <div className="flex max-w-200 flex-col gap-5">
        {preview && source && !busy && !failed && <ReadAlready source={source} preview={preview} />}
        {draft.text === undefined ? (
          <>
            <DropArea
              title="Drop a file, a folder or a zip here"
              hint="OpenAPI 3.0, 3.1 and 3.2 or Swagger 2.0, as JSON or YAML, up to 32 MiB"
              blocked={stopped}
              autoFocus
              onFiles={(dropped) => {
                onForget()
                void files.take(dropped)
              }}
              onProblem={files.fail}
              more={
                <Button
                  blocked={stopped}
                  onClick={() => {
                    onForget()
                    files.forget()
                    onDraft({ ...draft, text: '' })
                  }}
                >
                  Paste
                </Button>
              }
            />
            <form
              noValidate
              onSubmit={(event) => {
                event.preventDefault()
                files.forget()
                if (stopped === undefined && draft.url.trim() !== '') onRead({ kind: 'url', url: draft.url.trim() })
              }}
            >
              <div className="flex items-end gap-2">
                <TextField
                  label="Or its URL"
                  mono
                  inputMode="url"
                  placeholder="https://api.example.com/openapi.json"
                  className="min-w-0 flex-1"
                  value={draft.url}
                  onChange={(event) => {
                    if (failed) onForget()
                    onDraft({ ...draft, url: event.target.value })
                  }}
                />
                <Button
                  type="submit"
                  blocked={stopped ?? (draft.url.trim() === '' ? 'Enter the URL first' : undefined)}
                >
                  Read
                </Button>
              </div>
              {credentials}
            </form>
          </>
        ) : (
          <DocumentEditor
            draft={draft}
            reading={reading}
            stopped={stopped}
            onText={(text) => {
              if (failed) onForget()
              onDraft({ ...draft, text })
            }}
            onRead={readText}
            onClose={() => {
              onForget()
              closeEditor()
            }}
          />
        )}
        {files.documents && <WhichDocument documents={files.documents} onChoose={files.choose} />}
        <div aria-live="polite">
          {busy && (
            <p className="flex items-center gap-2">
              <LoaderCircle size={16} strokeWidth={1.75} aria-hidden className="spin flex-none text-info" />
              <span className="min-w-0 break-all">Reading {sourceWords(reading.source)}</span>
              <Button size="small" onClick={onCancel}>
                Cancel
              </Button>
            </p>
          )}
          {files.problem !== undefined && <FieldError>{files.problem}</FieldError>}
          {failed && draft.text === undefined && <FieldError>{problemWords(failed)}</FieldError>}
        </div>
      </div>
    </div>
  )
}

function ReadAlready({ source, preview }: { source: SpecSource; preview: Preview }) {
  return (
    <p className="flex items-start gap-2 rounded-panel bg-ok-soft px-3 py-2" role="status">
      <CircleCheck size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 flex-none text-ok" />
      <span className="min-w-0 wrap-anywhere">
        <span className="font-medium">{preview.title || 'A document without a title'}</span> {preview.version}
        {' · '}
        {preview.format}
        {' · '}
        {countWords(preview.operation_count, 'operation')} · read from {sourceWords(source)}. Another one replaces it.
      </span>
    </p>
  )
}
