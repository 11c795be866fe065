import { Download, Trash2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { CallFilter } from '../../../shared/contract/calls.ts'
import { useConsole, useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { useFailureToast } from '../../ui/toast.tsx'
import { countWords } from '../../ui/words.ts'
import type { CallFeed } from './call-feed.ts'
import { exportCalls, exportName, saveFile } from './export-calls.ts'

/** What can be done with the log as a whole. Only the whole log can be cleared, so an integration does not offer it. */
export function LogActions({
  filter,
  feed,
  all,
  clearable,
}: {
  filter: CallFilter
  feed: CallFeed | undefined
  all: number
  clearable: boolean
}) {
  const { client } = useConsole()
  const blocked = useWritable() ? (all === 0 ? 'There are no calls' : undefined) : 'Reconnecting'
  const fail = useFailureToast()
  const left = useRef<AbortController>(undefined)
  const [exporting, setExporting] = useState(false)
  const [asking, setAsking] = useState(false)
  const [clearing, setClearing] = useState(false)
  useEffect(() => () => left.current?.abort(), [])

  const save = async (): Promise<void> => {
    const run = new AbortController()
    left.current = run
    setExporting(true)
    try {
      saveFile(await exportCalls(client, filter, run.signal), exportName(new Date()))
    } catch (cause) {
      if (!run.signal.aborted) fail('The calls were not exported', cause)
    } finally {
      setExporting(false)
    }
  }
  const clear = async (): Promise<void> => {
    setClearing(true)
    try {
      await client.calls.clear()
      await feed?.reload()
    } catch (cause) {
      fail('The call log was not cleared', cause)
    } finally {
      setClearing(false)
      setAsking(false)
    }
  }
  return (
    <>
      <Button icon={Download} busy={exporting} blocked={blocked} onClick={() => void save()}>
        Export
      </Button>
      {clearable && (
        <Button icon={Trash2} blocked={blocked} onClick={() => setAsking(true)}>
          Clear log
        </Button>
      )}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => void clear()}
        busy={clearing}
        title="Clear the call log?"
        confirm="Clear log"
      >
        {all === 1 ? 'The one call' : `All ${countWords(all, 'call')}`} of this workspace, with the arguments and
        results that were recorded, are erased. This cannot be undone.
      </ConfirmDialog>
    </>
  )
}
