import { useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent, useState } from 'react'
import type { ConnectionDraft, Integration } from '../../../shared/contract/integrations.ts'
import { useConsole, useIntegrations, usePlanLock, useWritable } from '../../stores/console.tsx'
import { problemOf } from '../../stores/problem.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog, DialogActions } from '../../ui/dialog.tsx'
import { FieldError } from '../../ui/field.tsx'
import { TestPanel } from '../connection/test-panel.tsx'
import { useConnectionTest } from '../connection/use-connection-test.ts'
import { nameOf } from '../integrations/catalog-filter.ts'
import { useSignIn } from '../oauth/use-sign-in.ts'
import { storedConnection } from '../rest/stored-connection.ts'

/** Tests the stored connection in one of its own; what agents use is not touched. */
export function StoredTestDialog({ integration: given, onClose }: { integration: Integration; onClose: () => void }) {
  const { client, stores } = useConsole()
  const integration = useIntegrations((state) => state.byName[given.name]) ?? given
  const planLock = usePlanLock()
  const writable = useWritable()
  const { test, run, cancel } = useConnectionTest()
  const [problem, setProblem] = useState('')
  const signIn = useSignIn()
  const navigate = useNavigate()
  const testOnce = (tested: Integration): void => {
    const draft = draftOf(tested)
    if (draft) void run(draft)
  }
  const start = useEffectEvent(() => testOnce(integration))
  useEffect(() => start(), [])

  /** The connection is replaced at once: there is no form here that would be saved later. */
  const switchTo = async (transport: 'sse' | 'http'): Promise<void> => {
    const { name, mcp } = integration
    if (!mcp || mcp.transport === 'stdio') return
    const { server_url, headers, isolation } = mcp
    setProblem('')
    try {
      const saved = await client.integrations.update({
        name,
        mcp: { transport, server_url, headers, era: 'auto', isolation },
      })
      stores.integrations.getState().put(saved)
      testOnce(saved)
    } catch (cause) {
      setProblem(problemOf(cause).message)
    }
  }
  /** The same; then one signs in, on the page of the integration. */
  const chooseOAuth = async (): Promise<void> => {
    const { name, credentials } = integration
    setProblem('')
    try {
      // A token that nothing uses any more is not kept; secret headers are.
      const dropped = 'headers' in credentials ? {} : { credentials: {} }
      const saved = await client.integrations.update({ name, auth_type: 'oauth2', auth: {}, ...dropped })
      stores.integrations.getState().put(saved)
      onClose()
      void signIn.begin(name)
      await navigate({ to: '/integrations/$slug/overview', params: { slug: name } })
    } catch (cause) {
      setProblem(problemOf(cause).message)
    }
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Test ${nameOf(integration)}`}
      description="In a connection of its own: what agents use is not touched."
    >
      <div className="mt-4">
        <TestPanel
          label="Stored connection"
          protocol={integration.protocol}
          test={test}
          onCancel={cancel}
          onSwitch={(transport) => void switchTo(transport)}
          onUseOAuth={() => void chooseOAuth()}
          switchBlocked={writable ? (integration.source === 'custom' ? planLock : undefined) : 'Reconnecting'}
        />
        <div aria-live="assertive">{problem && <FieldError>{problem}</FieldError>}</div>
      </div>
      <DialogActions>
        {test.state !== 'running' && <Button onClick={() => testOnce(integration)}>Test again</Button>}
        <Button look="primary" onClick={onClose}>
          Close
        </Button>
      </DialogActions>
    </Dialog>
  )
}

/** The stored settings; its secrets are left out, so the core takes the stored ones. */
function draftOf(integration: Integration): ConnectionDraft | undefined {
  const { name, mcp, auth_type, auth_header_prefix, auth } = integration
  return mcp ? { name, protocol: 'mcp', mcp, auth_type, auth_header_prefix, auth } : storedConnection(integration)
}
