import { Link } from '@tanstack/react-router'
import {
  Activity,
  BellRing,
  Blocks,
  Bot,
  CircleCheck,
  CircleMinus,
  FlaskConical,
  LoaderCircle,
  Monitor,
  Moon,
  PanelLeft,
  Settings,
  Siren,
  Sun,
  Wrench,
} from 'lucide-react'
import type { LucideIcon } from 'lucide-react'
import { commandTable, type SectionId, sections } from '../../commands.ts'
import {
  useAgents,
  useDeliveries,
  useIncidents,
  useIntegrations,
  usePreferences,
  useSystem,
} from '../../stores/console.tsx'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { keySigns } from '../../ui/keys.ts'
import { Segmented } from '../../ui/segmented.tsx'
import { Tooltip } from '../../ui/tooltip.tsx'
import { useNarrow } from '../../ui/use-narrow.ts'
import { WorkspaceSwitcher } from '../workspaces/workspace-switcher.tsx'

const icons: Record<SectionId, LucideIcon> = {
  integrations: Blocks,
  tools: Wrench,
  playground: FlaskConical,
  traffic: Activity,
  incidents: Siren,
  notifications: BellRing,
  agents: Bot,
}

/** The workspace, the sections, and at the foot where the gateway listens. */
export function Sidebar() {
  const folded = usePreferences((state) => state.sidebarCollapsed)
  const narrow = useNarrow()
  const collapsed = folded || narrow
  const setCollapsed = usePreferences((state) => state.setSidebarCollapsed)
  const counts: Partial<Record<SectionId, number>> = {
    integrations: useIntegrations((state) => Object.keys(state.byName).length),
    agents: useAgents((state) => Object.keys(state.byId).length),
  }
  const toApprove = useIntegrations((state) =>
    Object.values(state.byName).reduce((sum, { unapproved_tools: count }) => sum + count, 0),
  )
  const toSignIn = useIntegrations(
    (state) =>
      Object.values(state.byName).filter(
        ({ status, connection }) => status === 'active' && connection.state === 'needs_auth',
      ).length,
  )
  const openIncidents = useIncidents(({ counts: known }) => known?.open ?? 0)
  const failed = useDeliveries(({ counts: known }) => known?.failed ?? 0)
  const waiting: Partial<Record<SectionId, string>> = {
    ...(openIncidents > 0 ? { incidents: `${openIncidents.toLocaleString('en')} open` } : {}),
    ...(failed > 0 ? { notifications: `${failed.toLocaleString('en')} failed` } : {}),
    ...(toSignIn > 0 ? { integrations: `${toSignIn.toLocaleString('en')} to sign in` } : {}),
    ...(toApprove > 0 ? { tools: `${toApprove.toLocaleString('en')} to approve` } : {}),
  }
  return (
    <aside
      aria-label="Gatehouse"
      data-pane
      className={classes('flex h-full flex-none flex-col border-r border-line bg-bg', collapsed ? 'w-14' : 'w-55')}
    >
      <div className="flex flex-none justify-center px-2 pt-2">
        <WorkspaceSwitcher collapsed={collapsed} />
      </div>
      <nav aria-label="Sections" className="flex flex-1 flex-col gap-0.5 overflow-y-auto px-2 pt-2">
        {sections.map(({ id, label, to }) => (
          <Section
            key={id}
            to={to}
            icon={icons[id]}
            label={label}
            keys={commandTable[`go.${id}`].keys}
            count={counts[id]}
            waiting={waiting[id]}
            collapsed={collapsed}
          />
        ))}
        <div className="mx-2 my-2 h-px bg-line" />
        <Section
          to="/settings"
          icon={Settings}
          label="Settings"
          keys={commandTable['go.settings'].keys}
          collapsed={collapsed}
        />
      </nav>
      <Footer collapsed={collapsed} />
      {!narrow && (
        <div
          className={classes(
            'flex flex-none items-center border-t border-line px-2 py-2',
            collapsed ? 'justify-center' : 'justify-between',
          )}
        >
          {!collapsed && <ThemeSwitch />}
          <IconButton
            icon={PanelLeft}
            label={collapsed ? 'Unfold the sidebar' : 'Fold the sidebar'}
            onClick={() => setCollapsed(!collapsed)}
          />
        </div>
      )}
    </aside>
  )
}

function Section({
  to,
  icon: Icon,
  label,
  keys,
  count,
  waiting,
  collapsed,
}: {
  to: (typeof sections)[number]['to'] | '/settings'
  icon: LucideIcon
  label: string
  keys: string
  count?: number | undefined
  /** What waits for a person there. */
  waiting?: string | undefined
  collapsed: boolean
}) {
  const link = (
    <Link
      to={to}
      className={classes(
        'flex h-8 items-center gap-2.5 rounded-control text-muted hover:bg-sunken hover:text-ink',
        'aria-[current=page]:bg-accent-soft aria-[current=page]:font-medium aria-[current=page]:text-accent-ink',
        collapsed ? 'justify-center' : 'px-2',
      )}
      activeOptions={{ exact: false, includeSearch: false }}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden className="flex-none" />
      <span className={classes(collapsed && 'sr-only')}>{label}</span>
      {waiting !== undefined && (
        <span className={classes(collapsed ? 'sr-only' : 'ml-auto text-meta font-medium text-warn tabular-nums')}>
          {waiting}
        </span>
      )}
      {!collapsed && waiting === undefined && count !== undefined && count > 0 && (
        <span aria-hidden className="ml-auto text-meta tabular-nums">
          {count.toLocaleString('en')}
        </span>
      )}
    </Link>
  )
  return collapsed ? <Tooltip text={`${label}  ${keySigns(keys)}`}>{link}</Tooltip> : link
}

function Footer({ collapsed }: { collapsed: boolean }) {
  const link = useSystem((state) => state.link)
  const status = useSystem((state) => state.status)
  const running = link === 'online'
  const Icon = running ? CircleCheck : link === 'signed_out' ? CircleMinus : LoaderCircle
  const words = running ? 'Gateway running' : link === 'signed_out' ? 'Signed out' : 'Connecting'
  const address = status ? new URL(status.mcp_url).host : ''
  return (
    <div className={classes('flex-none py-3', collapsed ? 'flex justify-center' : 'pr-2 pl-4')} role="status">
      <div className="flex h-6 items-center gap-1.5">
        <Icon
          size={16}
          strokeWidth={1.75}
          aria-hidden
          className={classes(
            'flex-none',
            running ? 'text-ok' : 'text-muted',
            !running && link !== 'signed_out' && 'spin',
          )}
        />
        <span className={classes('whitespace-nowrap', collapsed && 'sr-only')}>{words}</span>
        {!collapsed && status && (
          <CopyButton bare size="small" look="quiet" text={status.mcp_url} className="ml-auto px-1.5">
            Copy URL
          </CopyButton>
        )}
      </div>
      {!collapsed && status && (
        <p className="truncate pl-5.5 font-mono text-code text-muted" title={status.mcp_url}>
          {address}
        </p>
      )}
    </div>
  )
}

function ThemeSwitch() {
  const theme = usePreferences((state) => state.theme)
  const setTheme = usePreferences((state) => state.setTheme)
  return (
    <Segmented
      label="Theme"
      hideLabel
      iconsOnly
      value={theme}
      onChange={setTheme}
      options={[
        { value: 'system', label: 'System theme', icon: Monitor },
        { value: 'light', label: 'Light theme', icon: Sun },
        { value: 'dark', label: 'Dark theme', icon: Moon },
      ]}
    />
  )
}
