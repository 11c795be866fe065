import { useEffect, useState } from 'react'
import { useConsole } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'

/** The export as text. The window lets no page download files: it is copied, or written by the command line. */
export function ExportDialog({ onClose }: { onClose: () => void }) {
  const { client } = useConsole()
  const [document, setDocument] = useState<string>()
  const [problem, setProblem] = useState<Problem>()
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    const left = new AbortController()
    client.transfer.export(undefined, { signal: left.signal }).then(
      (answer) => setDocument(answer.document),
      (cause: unknown) => {
        if (!left.signal.aborted) setProblem(problemOf(cause))
      },
    )
    return () => left.abort()
  }, [client, attempt])
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
          <ErrorState
            flush
            title="The configuration could not be exported"
            problem={problem}
            onRetry={() => {
              setProblem(undefined)
              setAttempt((before) => before + 1)
            }}
          />
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
