import { Lock, Monitor, Moon, Sun } from 'lucide-react'
import type { ReactNode } from 'react'
import { usePreferences, useSystem } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { countWords } from '../../ui/words.ts'
import { backendWords } from '../vault/backend-words.ts'
import { useVaultPrompt } from '../vault/vault-prompt.tsx'

const vaultWords = {
  empty: 'Empty: its key is made when the first secret is stored',
  ready: 'Unlocked',
  locked: 'Locked',
  unavailable: 'Not available',
} as const

/** How the console looks, and what is running where. */
export function SettingsPage() {
  const status = useSystem((state) => state.status)
  const problem = useSystem((state) => (state.link === 'reconnecting' ? state.problem : null))
  return (
    <>
      <PageHeader title="Settings" />
      <div className="min-h-0 flex-1 overflow-y-auto px-6 pb-8" tabIndex={0} aria-label="Settings">
        <div className="flex max-w-160 flex-col gap-8">
          <Appearance />
          {status ? (
            <>
              <Group title="Gateway">
                <Row name="MCP endpoint">
                  <Value text={status.mcp_url} />
                </Row>
                <Row name="Admin API">
                  <Value text={status.api_url} />
                </Row>
                <Row name="Data folder">
                  <Value text={status.data_dir} />
                </Row>
              </Group>
              <Vault />
              <Group title="About">
                <Row name="Version">
                  <Value text={status.version} />
                </Row>
                <Row name="Licence">Apache-2.0</Row>
              </Group>
            </>
          ) : problem ? (
            <ErrorState title="The state of the gateway could not be loaded" problem={problem} />
          ) : (
            <SkeletonRows rows={4} />
          )}
        </div>
      </div>
    </>
  )
}

function Appearance() {
  const { theme, density, setTheme, setDensity } = usePreferences((state) => state)
  return (
    <Group title="General">
      <Row name="Theme">
        <Segmented
          label="Theme"
          hideLabel
          value={theme}
          onChange={setTheme}
          options={[
            { value: 'system', label: 'System', icon: Monitor },
            { value: 'light', label: 'Light', icon: Sun },
            { value: 'dark', label: 'Dark', icon: Moon },
          ]}
        />
      </Row>
      <Row name="Density">
        <Segmented
          label="Density"
          hideLabel
          value={density}
          onChange={setDensity}
          options={[
            { value: 'comfortable', label: 'Comfortable' },
            { value: 'compact', label: 'Compact' },
          ]}
        />
      </Row>
    </Group>
  )
}

function Vault() {
  const vault = useSystem((state) => state.vault)
  const openVault = useVaultPrompt()
  if (!vault) return null
  const closed = vault.state === 'locked' || vault.state === 'unavailable'
  return (
    <Group title="Vault">
      <Row name="State">
        <span>{vaultWords[vault.state]}</span>
        {closed && (
          <Button size="small" icon={Lock} onClick={openVault}>
            {vault.state === 'unavailable' && vault.sealed_count === 0 ? 'Choose a passphrase' : 'Unlock'}
          </Button>
        )}
      </Row>
      {vault.reason !== null && closed && <Row name="Why">{vault.reason}</Row>}
      <Row name="Key stored in">{backendWords[vault.backend]}</Row>
      <Row name="Holds">{countWords(vault.sealed_count, 'secret')}</Row>
    </Group>
  )
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h2 className="mb-1 text-section font-semibold">{title}</h2>
      <dl className="border-t border-line">{children}</dl>
    </section>
  )
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid min-h-11 grid-cols-[160px_minmax(0,1fr)] items-center gap-4 border-b border-line py-1.5">
      <dt className="text-muted">{name}</dt>
      <dd className="flex min-w-0 items-center justify-between gap-3">{children}</dd>
    </div>
  )
}

function Value({ text }: { text: string }) {
  return (
    <>
      <span className="min-w-0 font-mono text-code break-all">{text}</span>
      <CopyButton size="small" look="quiet" text={text} />
    </>
  )
}
