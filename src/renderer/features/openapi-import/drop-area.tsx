import { FileUp } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { chosenFiles, droppedFiles, type PlacedFile } from './dropped-files.ts'

/** Takes a file, several, a folder or an archive: dropped anywhere in it, or chosen. */
export function DropArea({
  title,
  hint,
  blocked,
  autoFocus,
  more,
  onFiles,
  onProblem,
}: {
  title: string
  hint: string
  blocked?: string | undefined
  autoFocus?: boolean
  /** Beside the buttons. */
  more?: ReactNode
  onFiles: (files: PlacedFile[]) => void
  onProblem: (message: string) => void
}) {
  const file = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const choose = (list: FileList | null): void => {
    if (list && list.length > 0) onFiles(chosenFiles(list))
  }
  return (
    <section
      aria-label={title}
      className={classes(
        'flex flex-col items-center gap-3 rounded-panel border border-dashed px-6 py-8 text-center',
        over ? 'border-accent bg-accent-soft text-accent-ink' : 'border-line-strong bg-surface',
      )}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={(event) => {
        event.preventDefault()
        setOver(false)
        if (blocked !== undefined) return
        droppedFiles(event.dataTransfer).then(onFiles, (cause: unknown) =>
          onProblem(cause instanceof Error ? cause.message : String(cause)),
        )
      }}
    >
      <FileUp size={20} strokeWidth={1.75} aria-hidden className={over ? '' : 'text-muted'} />
      <div>
        <p className="text-strong font-medium">{title}</p>
        <p className={over ? '' : 'text-muted'}>{hint}</p>
      </div>
      <div className="flex flex-wrap justify-center gap-2">
        <Button blocked={blocked} autoFocus={autoFocus} onClick={() => file.current?.click()}>
          Choose file
        </Button>
        <Button blocked={blocked} onClick={() => folder.current?.click()}>
          Choose folder
        </Button>
        {more}
      </div>
      <input
        ref={file}
        type="file"
        multiple
        aria-label="OpenAPI file"
        accept=".json,.yaml,.yml,.zip,.txt"
        className="hidden"
        onChange={(event) => {
          choose(event.target.files)
          event.target.value = ''
        }}
      />
      <input
        ref={(element) => {
          folder.current = element
          // React knows no property for it.
          element?.setAttribute('webkitdirectory', '')
        }}
        type="file"
        aria-label="Folder of documents"
        className="hidden"
        onChange={(event) => {
          choose(event.target.files)
          event.target.value = ''
        }}
      />
    </section>
  )
}
