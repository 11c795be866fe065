import { useState } from 'react'
import type { VaultState } from '../../../shared/contract/vault.ts'
import { useConsole } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FieldError } from '../../ui/field.tsx'
import { SecretField } from '../../ui/secret-field.tsx'
import { backendWords } from './backend-words.ts'
import { passphraseFault } from './new-passphrase.ts'
import { isFirstSecret } from './unlock-words.ts'

/**
 * Opens the vault. Where secrets are stored already it asks for their passphrase; where none is, a new one is chosen and
 * typed twice, because nobody can recover it. A keychain is simply read again.
 */
export function VaultDialog({ vault, open, onClose }: { vault: VaultState; open: boolean; onClose: () => void }) {
  const first = isFirstSecret(vault)
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={first ? 'Choose a passphrase' : 'Unlock the vault'}
      description={vault.reason ?? undefined}
    >
      {/* Its own component, so that what was typed ends with the dialog. */}
      <VaultForm vault={vault} first={first} onClose={onClose} />
    </Dialog>
  )
}

function VaultForm({ vault, first, onClose }: { vault: VaultState; first: boolean; onClose: () => void }) {
  const { client, stores } = useConsole()
  const [passphrase, setPassphrase] = useState('')
  const [repeated, setRepeated] = useState('')
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const asks = first || vault.backend === 'passphrase'

  const unlock = async (): Promise<void> => {
    setError(undefined)
    const fault = asks ? passphraseFault(passphrase, first ? repeated : passphrase) : undefined
    if (fault !== undefined) {
      setError(fault)
      return
    }
    setBusy(true)
    try {
      const state = await client.vault.unlock(asks ? { passphrase } : {})
      stores.system.getState().setVault(state)
      if (state.state === 'ready' || state.state === 'empty') onClose()
      else setError(state.reason ?? 'The vault is still locked.')
    } catch (cause) {
      setError(problemOf(cause).message)
    } finally {
      setBusy(false)
    }
  }

  return (
    <form
      className="mt-4 flex flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        void unlock()
      }}
    >
      {asks && (
        <SecretField
          label="Passphrase"
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
          hint={first ? 'Keep it safe: without it the stored secrets cannot be read again.' : undefined}
        />
      )}
      {first && (
        <SecretField
          label="The same passphrase again"
          value={repeated}
          onChange={(event) => setRepeated(event.target.value)}
        />
      )}
      {!asks && <p>Gatehouse reads its key again. It is kept in: {backendWords(vault.backend)}.</p>}
      <div aria-live="polite">{error !== undefined && <FieldError>{error}</FieldError>}</div>
      <DialogActions>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" busy={busy}>
          {first ? 'Use this passphrase' : 'Unlock'}
        </Button>
      </DialogActions>
    </form>
  )
}
