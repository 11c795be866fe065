import { FileUp } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { RestTool } from '../../../shared/contract/rest.ts'
import { droppedFiles } from './dropped-files.ts'
import { type HandOver, useGoToImport } from './hand-over.ts'

/** Around a form: a description of an API that is dropped anywhere on it is imported, with what the form has by then. */
export function ImportDropTarget({
  values,
  tools = [],
  className,
  children,
}: {
  values: () => HandOver['values']
  tools?: readonly RestTool[]
  className?: string
  children: ReactNode
}) {
  const goToImport = useGoToImport()
  const [over, setOver] = useState(false)
  return (
    <div
      className={`relative ${className ?? ''}`}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) setOver(false)
      }}
      onDrop={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return
        event.preventDefault()
        setOver(false)
        void droppedFiles(event.dataTransfer).then((files) => {
          const entered = values()
          goToImport({ files, tools, ...(entered ? { values: entered } : {}) })
        })
      }}
    >
      {children}
      {over && (
        <div
          aria-hidden
          className="pointer-events-none absolute inset-3 flex items-center justify-center gap-2 rounded-panel border border-dashed border-accent bg-accent-soft font-medium text-accent-ink"
        >
          <FileUp size={20} strokeWidth={1.75} />
          Drop it to import its operations
        </div>
      )}
    </div>
  )
}
