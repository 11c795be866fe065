import { useState } from 'react'
import type { VaultState } from '../../../shared/contract/vault.ts'
import { useConsole } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FieldError, TextField } from '../../ui/field.tsx'
import { countWords } from '../../ui/words.ts'

/** Typed in full, because nothing brings the secrets back. */
const CONFIRMATION = 'delete all secrets'

export function ResetVaultDialog({ vault, onClose }: { vault: VaultState; onClose: () => void }) {
  const { client, stores } = useConsole()
  const [typed, setTyped] = useState('')
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const confirmed = typed.trim() === CONFIRMATION

  const reset = async (): Promise<void> => {
    if (!confirmed) return
    setBusy(true)
    setError(undefined)
    try {
      stores.system.getState().setVault(await client.vault.reset({ confirm: CONFIRMATION }))
      onClose()
    } catch (cause) {
      setError(problemOf(cause).message)
      setBusy(false)
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title="Reset the vault?"
      description={
        <>
          {countWords(vault.sealed_count, 'secret')} of all workspaces {vault.sealed_count === 1 ? 'is' : 'are'}{' '}
          deleted. Integrations stay and need their credentials again. This cannot be undone.
        </>
      }
    >
      <form
        className="mt-4"
        onSubmit={(event) => {
          event.preventDefault()
          void reset()
        }}
      >
        <TextField
          label={`Type “${CONFIRMATION}” to go on`}
          mono
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <div aria-live="polite">{error !== undefined && <FieldError>{error}</FieldError>}</div>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            look="danger"
            busy={busy}
            blocked={confirmed ? undefined : `Type “${CONFIRMATION}” first`}
          >
            Reset vault
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
