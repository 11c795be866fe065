import { useState } from 'react'
import { useConsole, useWritable } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { type PlanName, planWords } from './plan-words.ts'

const PLANS = Object.keys(planWords) as PlanName[]
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/
const MAX_LENGTH = 40

/** Asks for the name and the plan of a workspace that is to be made. */
export function NewWorkspaceDialog({ onClose, onCreated }: { onClose: () => void; onCreated: (name: string) => void }) {
  const { client, stores } = useConsole()
  const blocked = useWritable() ? undefined : 'Reconnecting'
  const [name, setName] = useState('')
  const [plan, setPlan] = useState<PlanName>('enterprise')
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)

  const create = async (): Promise<void> => {
    if (blocked) return
    const wanted = name.trim()
    if (!NAME.test(wanted)) {
      setError(wanted === '' ? 'Enter a name.' : 'Use lowercase letters, digits and hyphens.')
      return
    }
    setBusy(true)
    try {
      const workspace = await client.workspaces.create({ name: wanted, plan })
      stores.workspaces.getState().put(workspace)
      onCreated(workspace.name)
    } catch (cause) {
      const { message, details } = problemOf(cause)
      setError(details[0]?.message ?? message)
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="New workspace"
      description="It has integrations, agents and logs of its own. The settings and the vault are shared."
    >
      <form
        className="mt-4 flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          void create()
        }}
      >
        <TextField
          label="Name"
          mono
          placeholder="staging"
          value={name}
          error={error}
          maxLength={MAX_LENGTH}
          onChange={(event) => {
            setName(event.target.value)
            setError(undefined)
          }}
        />
        <Segmented
          label="Plan"
          value={plan}
          onChange={setPlan}
          options={PLANS.map((value) => ({ value, label: planWords[value] }))}
        />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy} blocked={blocked}>
            Create workspace
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
