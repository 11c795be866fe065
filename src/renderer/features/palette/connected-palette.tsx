import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import {
  useAgents,
  useConsole,
  useIntegrations,
  usePlanLock,
  useWorkspaces,
  useWritable,
} from '../../stores/console.tsx'
import { useServedTools } from '../../stores/use-served-tools.ts'
import { sortIntegrations } from '../integrations/catalog-filter.ts'
import { useIntegrationActions } from '../integrations/use-integration-actions.ts'
import { useSwitchWorkspace } from '../workspaces/use-switch-workspace.ts'
import { Palette } from './palette.tsx'
import { paletteEntries } from './palette-entries.ts'

/** The palette over what the stores hold while it is open. */
export function ConnectedPalette({
  onClose,
  onTest,
}: {
  onClose: () => void
  /** Tests the stored connection; the dialog for that outlives the palette. */
  onTest: (integration: Integration) => void
}) {
  const { commands, stores } = useConsole()
  const navigate = useNavigate()
  const actions = useIntegrationActions()
  const switchWorkspace = useSwitchWorkspace()
  const integrations = useIntegrations((state) => state.byName)
  const agents = useAgents((state) => state.byId)
  const workspaces = useWorkspaces((state) => state.byName)
  const currentWorkspace = useWorkspaces((state) => state.current)
  const planLock = usePlanLock()
  const writable = useWritable()
  const { tools } = useServedTools()

  const sources = useMemo(
    () => ({
      commands,
      integrations: sortIntegrations(Object.values(integrations)),
      tools: tools ?? [],
      agents: Object.values(agents),
      workspaces: Object.values(workspaces),
      currentWorkspace,
      blockedFor: ({ source }: Integration) =>
        writable ? (source === 'custom' ? planLock : undefined) : 'Reconnecting',
    }),
    [commands, integrations, tools, agents, workspaces, currentWorkspace, planLock, writable],
  )
  const entries = paletteEntries(sources, {
    openIntegration: (name) => void navigate({ to: '/integrations/$slug/overview', params: { slug: name } }),
    setEnabled: (name, enabled) => void actions.setEnabled(name, enabled),
    restart: (name) => void actions.restart(name),
    test: (name) => {
      const integration = stores.integrations.getState().byName[name]
      if (integration) onTest(integration)
    },
    openTool: (tool) => void navigate({ to: '/playground', search: { tool } }),
    openAgent: (q) => void navigate({ to: '/agents', search: { q } }),
    openSettings: (to) => void navigate({ to }),
    openNotifications: (to) => void navigate({ to }),
    reportIncident: () => void navigate({ to: '/incidents', search: { report: 'yes' } }),
    switchWorkspace,
  })
  return <Palette entries={entries} onClose={onClose} />
}
