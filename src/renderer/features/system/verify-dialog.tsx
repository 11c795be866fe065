import { useEffect, useEffectEvent } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { nameOf } from '../integrations/catalog-filter.ts'
import { SetupChecks } from './setup-checks.tsx'
import { SetupOutcome } from './setup-outcome.tsx'
import { useSetup } from './use-setup.ts'

/** Checks what is stored of a system integration, as its setup did; nothing is changed by it. */
export function VerifyDialog({ integration, onClose }: { integration: Integration; onClose: () => void }) {
  const { run, verify } = useSetup(integration.name)
  const start = useEffectEvent(() => void verify())
  useEffect(() => start(), [])
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Verify ${nameOf(integration)}`}
      description="With the settings that are stored."
    >
      <div className="mt-4 flex flex-col gap-3">
        <SetupChecks checks={run.checks} />
        <SetupOutcome run={run} />
      </div>
      <DialogActions>
        {!run.running && <Button onClick={() => void verify()}>Verify again</Button>}
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  )
}
