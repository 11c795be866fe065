import { useState } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { useConsole, useWritable } from '../../stores/console.tsx'
import { type Problem, problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FieldError } from '../../ui/field.tsx'
import { nameOf } from '../integrations/catalog-filter.ts'
import { SignInPanel } from '../oauth/sign-in-panel.tsx'
import { SystemSetup } from './system-setup.tsx'

/** How a system integration is connected: its setup, to be changed, verified or forgotten. */
export function SystemConnection({ integration }: { integration: Integration }) {
  const [forgetting, setForgetting] = useState(false)
  const writable = useWritable()
  const name = nameOf(integration)
  return (
    <div className="flex max-w-140 flex-col gap-6">
      {integration.oauth !== null && <SignInPanel integration={integration} inForm />}
      <SystemSetup integration={integration} />
      <div className="h-px bg-line" />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="min-w-0 flex-1 basis-70 text-muted">
          Forgetting the setup takes its tools away and erases its secrets. {name} stays in the catalog.
        </p>
        <Button blocked={writable ? undefined : 'Reconnecting'} onClick={() => setForgetting(true)}>
          Forget setup
        </Button>
      </div>
      {forgetting && <ForgetDialog integration={integration} onClose={() => setForgetting(false)} />}
    </div>
  )
}

function ForgetDialog({ integration, onClose }: { integration: Integration; onClose: () => void }) {
  const { client, stores } = useConsole()
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<Problem>()
  const name = nameOf(integration)
  const forget = async (): Promise<void> => {
    setBusy(true)
    try {
      await client.setup.forget({ name: integration.name })
      stores.integrations.getState().put(await client.integrations.get({ name: integration.name }))
      onClose()
    } catch (cause) {
      setProblem(problemOf(cause))
      setBusy(false)
    }
  }
  return (
    <Dialog open onClose={onClose} title={`Forget the setup of ${name}?`}>
      <p className="mt-2">Its settings and secrets are erased, and agents lose its tools. This cannot be undone.</p>
      {problem !== undefined && (
        <div role="alert">
          <FieldError>{problem.message}</FieldError>
        </div>
      )}
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button look="danger" busy={busy} onClick={() => void forget()}>
          Forget setup
        </Button>
      </div>
    </Dialog>
  )
}
