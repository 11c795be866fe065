import { useState } from 'react'
import { useConsole } from '../../stores/console.tsx'
import { useLoad } from '../../stores/use-load.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'

/** The export as text, to be copied; the command line writes it to a file. */
export function ExportDialog({ onClose }: { onClose: () => void }) {
  const { client } = useConsole()
  const [document, setDocument] = useState<string>()
  const { problem, retry } = useLoad({
    version: '',
    load: (signal) => client.transfer.export(undefined, { signal }),
    keep: (answer) => setDocument(answer.document),
  })
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title="Export configuration"
      description={
        <>
          Holds no secret: it names those that have to be given again. To write a file, run{' '}
          <code className="font-mono text-code">gatehouse export &gt; gatehouse.yaml</code>
        </>
      }
    >
      <div className="mt-4">
        {problem ? (
          <ErrorState flush title="The configuration could not be exported" problem={problem} onRetry={retry} />
        ) : document === undefined ? (
          <SkeletonRows rows={4} />
        ) : (
          <pre
            tabIndex={0}
            aria-label="Exported configuration"
            className="max-h-[44vh] overflow-auto rounded-panel bg-sunken p-3 font-mono text-code"
          >
            {document}
          </pre>
        )}
      </div>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
        {document !== undefined && <CopyButton look="primary" text={document} />}
      </DialogActions>
    </Dialog>
  )
}
