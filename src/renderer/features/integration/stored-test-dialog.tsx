import { useEffect, useEffectEvent } from 'react'
import type { ConnectionDraft, Integration } from '../../../shared/contract/integrations.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { TestPanel } from '../connection/test-panel.tsx'
import { useConnectionTest } from '../connection/use-connection-test.ts'
import { nameOf } from '../integrations/catalog-filter.ts'

/** Tests the stored connection in one of its own; what agents use is not touched. */
export function StoredTestDialog({ integration, onClose }: { integration: Integration; onClose: () => void }) {
  const { test, run, cancel } = useConnectionTest()
  const again = (): void => {
    const draft = draftOf(integration)
    if (draft) void run(draft)
  }
  const start = useEffectEvent(again)
  useEffect(() => start(), [])
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Test ${nameOf(integration)}`}
      description="In a connection of its own: what agents use is not touched."
    >
      <div className="mt-4">
        <TestPanel label="Stored connection" test={test} onCancel={cancel} />
      </div>
      <DialogActions>
        {test.state !== 'running' && <Button onClick={again}>Test again</Button>}
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  )
}

/** The stored settings; its secrets are left out, so the core takes the stored ones. */
function draftOf({ name, mcp, auth_type, auth_header_prefix, auth }: Integration): ConnectionDraft | undefined {
  return mcp ? { name, mcp, auth_type, auth_header_prefix, auth } : undefined
}
