import '../../zod-jitless.ts'
import { useState } from 'react'
import { AgentName } from '../../../shared/contract/agents.ts'
import { problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/field.tsx'

/** Asks for the name of an agent, to add or to rename one. */
export function AgentNameDialog({
  title,
  description,
  submit,
  initial = '',
  blocked,
  onSubmit,
  onClose,
}: {
  title: string
  description?: string
  submit: string
  initial?: string
  blocked: string | undefined
  /** Rejects with what the core says. */
  onSubmit: (name: string) => Promise<void>
  onClose: () => void
}) {
  const [name, setName] = useState(initial)
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const send = async (): Promise<void> => {
    if (blocked) return
    const parsed = AgentName.safeParse(name)
    if (!parsed.success) {
      setError(parsed.error.issues[0]?.message)
      return
    }
    setBusy(true)
    try {
      await onSubmit(parsed.data)
    } catch (cause) {
      const { message, details } = problemOf(cause)
      setError(details[0]?.message ?? message)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Dialog open onClose={onClose} title={title} description={description}>
      <form
        className="mt-4"
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <TextField
          label="Name"
          placeholder="claude-code"
          value={name}
          error={error}
          maxLength={64}
          onChange={(event) => {
            setName(event.target.value)
            setError(undefined)
          }}
        />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy} blocked={blocked}>
            {submit}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
