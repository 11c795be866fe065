import { useState } from 'react'
import type { ConfigChange, McpClient } from '../../../shared/contract/clients.ts'
import { useConsole, useWritable } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { useLoad } from '../../stores/use-load.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FieldError } from '../../ui/field.tsx'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { DiffView } from '../../ui/diff-view.tsx'

/** Shows what would be written into the configuration of a client, and writes exactly that. */
export function WriteConfigDialog({
  mcpClient,
  onWritten,
  onClose,
}: {
  mcpClient: McpClient
  onWritten: (after: McpClient) => void
  onClose: () => void
}) {
  const { client } = useConsole()
  const blocked = useWritable() ? undefined : 'Reconnecting'
  const [change, setChange] = useState<ConfigChange>()
  const [writeProblem, setWriteProblem] = useState<Problem>()
  const [busy, setBusy] = useState(false)
  const { id, name } = mcpClient

  const { problem: loadProblem, retry } = useLoad({
    version: id,
    load: (signal) => client.clients.preview({ id }, { signal }),
    keep: setChange,
  })

  const look = (): void => {
    setChange(undefined)
    setWriteProblem(undefined)
    retry()
  }
  const write = async (): Promise<void> => {
    if (!change) return
    setBusy(true)
    setWriteProblem(undefined)
    try {
      onWritten(await client.clients.connect({ id, revision: change.revision }))
    } catch (cause) {
      setWriteProblem(problemOf(cause))
      setBusy(false)
    }
  }
  const nothing = change?.diff === ''
  return (
    <Dialog
      open
      onClose={onClose}
      wide
      title={`Connect ${name}`}
      description={
        <>
          Gatehouse writes itself into <span className="font-mono text-code break-all">{mcpClient.config_path}</span>,
          with a token of its own that is not shown. What stands there now is kept as a backup.
        </>
      }
    >
      <div className="mt-4">
        {loadProblem ? (
          <ErrorState flush title="The change could not be worked out" problem={loadProblem} onRetry={look} />
        ) : !change ? (
          <SkeletonRows rows={3} height={24} />
        ) : nothing ? (
          <p>Nothing would change: it is connected already.</p>
        ) : (
          <DiffView diff={change.diff} label={`Changes to the configuration of ${name}`} />
        )}
      </div>
      <div aria-live="polite">{writeProblem && <FieldError>{writeProblem.message}</FieldError>}</div>
      <DialogActions>
        <Button onClick={onClose}>{nothing ? 'Close' : 'Cancel'}</Button>
        {writeProblem?.code === 'in_use' ? (
          <Button look="primary" onClick={look}>
            Show the change again
          </Button>
        ) : (
          !nothing && (
            <Button
              look="primary"
              busy={busy}
              blocked={blocked ?? (change ? undefined : 'The change is not known yet')}
              onClick={() => void write()}
            >
              Write config
            </Button>
          )
        )}
      </DialogActions>
    </Dialog>
  )
}
