import { KeyRound, Lock, LockOpen, RotateCw, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { VaultState } from '../../../shared/contract/vault.ts'
import { useConsole, useLinkProblem, useSystem, useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { useFailureToast } from '../../ui/toast.tsx'
import { countWords } from '../../ui/words.ts'
import { backendWords } from '../vault/backend-words.ts'
import { unlockLabel } from '../vault/unlock-words.ts'
import { useVaultPrompt } from '../vault/vault-prompt.tsx'
import { ResetVaultDialog } from './reset-vault-dialog.tsx'
import { RotateKeyDialog, type RotateTarget } from './rotate-key-dialog.tsx'
import { Group, Row, SettingsBody } from './settings-rows.tsx'

const stateWords = {
  empty: 'Empty: its key is made when the first secret is stored',
  ready: 'Unlocked',
  locked: 'Locked',
  unavailable: 'Not available',
} as const

/** Where the secrets are, whether they can be read, and what can be done to their key. */
export function VaultTab() {
  const { client, stores } = useConsole()
  const vault = useSystem((state) => state.vault)
  const online = useSystem((state) => state.link === 'online')
  const retry = useSystem((state) => state.retry)
  const problem = useLinkProblem()
  // Its events tell of its state; how many secrets it holds changes without one.
  useEffect(() => {
    if (!online) return
    const left = new AbortController()
    client.vault.get(undefined, { signal: left.signal }).then(stores.system.getState().setVault, () => undefined)
    return () => left.abort()
  }, [client, stores, online])
  return (
    <SettingsBody label="Vault">
      {vault ? (
        <Vault vault={vault} />
      ) : problem ? (
        <ErrorState flush title="The state of the vault could not be loaded" problem={problem} onRetry={retry} />
      ) : (
        <SkeletonRows rows={4} />
      )}
    </SettingsBody>
  )
}

function Vault({ vault }: { vault: VaultState }) {
  const { client, stores } = useConsole()
  const fail = useFailureToast()
  const openVault = useVaultPrompt()
  const offline = useWritable() ? undefined : 'Reconnecting'
  const [rotating, setRotating] = useState<RotateTarget>()
  const [resetting, setResetting] = useState(false)
  const closed = vault.state === 'locked' || vault.state === 'unavailable'
  const fromEnvironment = vault.backend === 'key'
  const other = vault.backend === 'keychain' ? 'passphrase' : 'keychain'

  const lock = async (): Promise<void> => {
    try {
      stores.system.getState().setVault(await client.vault.lock())
    } catch (cause) {
      fail('The vault was not locked', cause)
    }
  }
  const keyBlocked =
    offline ??
    (vault.state === 'ready'
      ? fromEnvironment
        ? 'The key comes from the environment of the gateway: change it there'
        : undefined
      : vault.state === 'empty'
        ? 'There is no key yet'
        : 'Unlock the vault first')
  return (
    <>
      <Group title="Secrets">
        <Row name="Stored in">{backendWords(vault.backend)}</Row>
        <Row name="Holds">{countWords(vault.sealed_count, 'secret')}</Row>
        <Row name="State" hint={closed ? (vault.reason ?? undefined) : undefined}>
          <span>{stateWords[vault.state]}</span>
          {closed ? (
            <Button icon={LockOpen} blocked={offline} onClick={openVault}>
              {unlockLabel(vault)}
            </Button>
          ) : (
            <Button
              icon={Lock}
              blocked={offline ?? (vault.state === 'empty' ? 'There is nothing to lock yet' : undefined)}
              onClick={() => void lock()}
            >
              Lock
            </Button>
          )}
        </Row>
      </Group>
      <Group title="Key">
        <Row name="Rotate" hint="Makes a new key and seals every secret again with it, all or none.">
          <Button
            icon={RotateCw}
            blocked={keyBlocked}
            onClick={() => setRotating({ backend: vault.backend, moves: false })}
          >
            Rotate key
          </Button>
        </Row>
        {!fromEnvironment && (
          <Row
            name="Move"
            hint={
              other === 'passphrase'
                ? 'For machines without a keychain, or to be asked each time the gateway starts.'
                : 'Nobody is asked for a passphrase any more.'
            }
          >
            <Button icon={KeyRound} blocked={keyBlocked} onClick={() => setRotating({ backend: other, moves: true })}>
              {other === 'passphrase' ? 'Keep by a passphrase…' : `Keep in ${backendWords('keychain')}…`}
            </Button>
          </Row>
        )}
      </Group>
      <Group title="Start over">
        <Row
          name="Reset"
          hint="Deletes every stored secret of every workspace, for a key that is lost. It cannot be undone."
        >
          <Button
            icon={Trash2}
            blocked={offline ?? (vault.sealed_count === 0 ? 'There is no secret to delete' : undefined)}
            onClick={() => setResetting(true)}
          >
            Reset vault…
          </Button>
        </Row>
      </Group>
      {rotating && <RotateKeyDialog target={rotating} onClose={() => setRotating(undefined)} />}
      {resetting && <ResetVaultDialog vault={vault} onClose={() => setResetting(false)} />}
    </>
  )
}
