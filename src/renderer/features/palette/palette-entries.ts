import type { Agent } from '../../../shared/contract/agents.ts'
import type { Integration } from '../../../shared/contract/integrations.ts'
import type { ToolSummary } from '../../../shared/contract/tools.ts'
import type { Workspace } from '../../../shared/contract/workspaces.ts'
import { type CommandId, type Commands, commandTable } from '../../commands.ts'
import { keySigns } from '../../ui/keys.ts'
import { isSetUp, nameOf } from '../integrations/catalog-filter.ts'
import { notificationParts } from '../notifications/notification-parts.ts'
import { settingsParts } from '../settings/settings-parts.ts'
import type { PaletteEntry } from './search-entries.ts'

export interface PaletteSources {
  commands: Commands
  integrations: readonly Integration[]
  tools: readonly ToolSummary[]
  agents: readonly Agent[]
  workspaces: readonly Workspace[]
  currentWorkspace: string
  /** Why an integration cannot be changed now. */
  blockedFor: (integration: Integration) => string | undefined
}

/** What the entries do; the palette itself only finds them. */
export interface PaletteActions {
  openIntegration: (name: string) => void
  setEnabled: (name: string, enabled: boolean) => void
  restart: (name: string) => void
  test: (name: string) => void
  openTool: (gatewayName: string) => void
  openAgent: (name: string) => void
  openSettings: (to: (typeof settingsParts)[number]['to']) => void
  openNotifications: (to: (typeof notificationParts)[number]['to']) => void
  reportIncident: () => void
  switchWorkspace: (name: string) => void
}

/** Everything that can be reached from here: what the screen in front does not answer, or what is blocked, is left out. */
export function paletteEntries(sources: PaletteSources, actions: PaletteActions): PaletteEntry[] {
  return [
    ...commandEntries(sources.commands),
    { id: 'report', kind: 'Incidents', label: 'Report an incident', run: actions.reportIncident },
    ...notificationParts.map(({ id, label, to }): PaletteEntry => ({
      id: `notifications ${id}`,
      kind: 'Notifications',
      label: `${label} of notifications`,
      run: () => actions.openNotifications(to),
    })),
    ...settingsParts.map(({ id, label, to }): PaletteEntry => ({
      id: `settings ${id}`,
      kind: 'Settings',
      label: `Settings: ${label}`,
      run: () => actions.openSettings(to),
    })),
    ...sources.workspaces
      .filter(({ name }) => name !== sources.currentWorkspace)
      .map(({ name }): PaletteEntry => ({
        id: `workspace ${name}`,
        kind: 'Workspace',
        label: `Switch to workspace ${name}`,
        run: () => actions.switchWorkspace(name),
      })),
    ...sources.integrations.map((integration): PaletteEntry => ({
      id: `integration ${integration.name}`,
      kind: 'Integration',
      label: nameOf(integration),
      code: integration.name,
      run: () => actions.openIntegration(integration.name),
    })),
    ...sources.agents.map(({ id, name }): PaletteEntry => ({
      id: `agent ${id}`,
      kind: 'Agent',
      label: name,
      run: () => actions.openAgent(name),
    })),
    ...sources.integrations.flatMap((integration) => actionEntries(integration, sources, actions)),
    ...sources.tools.map(({ gateway_name: code, title, name }): PaletteEntry => ({
      id: `tool ${code}`,
      kind: 'Tool',
      label: title ?? name,
      code,
      run: () => actions.openTool(code),
    })),
  ]
}

function commandEntries(commands: Commands): PaletteEntry[] {
  return (Object.keys(commandTable) as CommandId[])
    .filter((id) => id !== 'palette.show' && commands.has(id))
    .map((id) => ({
      id: `command ${id}`,
      kind: 'Command',
      label: commandTable[id].label,
      keys: keySigns(commandTable[id].keys),
      run: () => void commands.run(id),
    }))
}

function actionEntries(integration: Integration, sources: PaletteSources, actions: PaletteActions): PaletteEntry[] {
  const { name, status } = integration
  // One that is not set up can only be opened.
  if (!isSetUp(integration) || sources.blockedFor(integration) !== undefined) return []
  const enabled = status === 'active'
  const entry = (verb: string, run: () => void): PaletteEntry => ({
    id: `${verb.toLowerCase()} ${name}`,
    kind: 'Integration',
    label: `${verb} ${nameOf(integration)}`,
    code: name,
    run,
  })
  return [
    entry(enabled ? 'Disable' : 'Enable', () => actions.setEnabled(name, !enabled)),
    ...(enabled ? [entry('Restart', () => actions.restart(name))] : []),
    entry('Test', () => actions.test(name)),
  ]
}
