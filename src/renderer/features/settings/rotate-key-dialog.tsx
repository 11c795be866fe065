import { useState } from 'react'
import type { VaultState } from '../../../shared/contract/vault.ts'
import { useConsole } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FieldError } from '../../ui/field.tsx'
import { SecretField } from '../../ui/secret-field.tsx'
import { backendWords } from '../vault/backend-words.ts'
import { passphraseFault } from '../vault/new-passphrase.ts'

export interface RotateTarget {
  /** Where the new key is kept. */
  backend: VaultState['backend']
  /** It is another place than now. */
  moves: boolean
}

/** A new key for every secret. One that is kept by a passphrase needs the passphrase twice: nobody can recover it. */
export function RotateKeyDialog({ target, onClose }: { target: RotateTarget; onClose: () => void }) {
  const { client, stores } = useConsole()
  const [passphrase, setPassphrase] = useState('')
  const [repeated, setRepeated] = useState('')
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const asks = target.backend === 'passphrase'

  const rotate = async (): Promise<void> => {
    const fault = asks ? passphraseFault(passphrase, repeated) : undefined
    setError(fault)
    if (fault !== undefined) return
    setBusy(true)
    try {
      const state = await client.vault.rotate({
        ...(target.moves && target.backend !== 'key' ? { backend: target.backend } : {}),
        ...(asks ? { passphrase } : {}),
      })
      stores.system.getState().setVault(state)
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
      title={target.moves ? `Keep the key in: ${backendWords(target.backend)}` : 'Rotate the key'}
      description="A new key is made and every secret is sealed again with it. If that fails, everything stays as it is."
    >
      <form
        className="mt-4 flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          void rotate()
        }}
      >
        {asks && (
          <>
            <SecretField
              label="New passphrase"
              value={passphrase}
              onChange={(event) => setPassphrase(event.target.value)}
              hint="Keep it safe: without it the stored secrets cannot be read again."
            />
            <SecretField
              label="The same passphrase again"
              value={repeated}
              onChange={(event) => setRepeated(event.target.value)}
            />
          </>
        )}
        <div aria-live="polite">{error !== undefined && <FieldError>{error}</FieldError>}</div>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" busy={busy}>
            {target.moves ? 'Move the key' : 'Rotate key'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  )
}
