import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from '@tanstack/react-router'
import type { IncidentSearch } from './features/incidents/incident-search.ts'
import type { DeliverySearch } from './features/notifications/delivery-search.ts'
import type { CallSearch } from './features/traffic/call-search.ts'
import { IntegrationsPage } from './features/integrations/integrations-page.tsx'
import { NotFound } from './features/shell/not-found.tsx'
import { ScreenError } from './features/shell/screen-error.tsx'
import { Shell } from './features/shell/shell.tsx'

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound })

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    redirect({ to: '/integrations', throw: true })
  },
})

interface CatalogSearch {
  q?: string
  category?: string
  status?: string
}

const integrations = createRoute({
  getParentRoute: () => root,
  path: '/integrations',
  validateSearch: (search: Record<string, unknown>): CatalogSearch => ({
    ...textOf(search, 'q'),
    ...textOf(search, 'category'),
    ...textOf(search, 'status'),
  }),
  component: IntegrationsPage,
})

const add = createRoute({
  getParentRoute: () => root,
  path: '/integrations/new',
  component: lazyRouteComponent(() => import('./features/add/add-page.tsx'), 'AddPage'),
})

/** The steps of an import are entries of the history: going back is a step back. */
const openApi = createRoute({
  getParentRoute: () => root,
  path: '/integrations/new/openapi',
  validateSearch: (search: Record<string, unknown>): { step?: string; into?: string } => ({
    ...textOf(search, 'step'),
    ...textOf(search, 'into'),
  }),
  component: lazyRouteComponent(() => import('./features/openapi-import/openapi-page.tsx'), 'OpenApiPage'),
})

const rest = createRoute({
  getParentRoute: () => root,
  path: '/integrations/new/rest',
  component: lazyRouteComponent(() => import('./features/rest/rest-page.tsx'), 'RestPage'),
})

const importPage = createRoute({
  getParentRoute: () => root,
  path: '/integrations/import',
  validateSearch: (search: Record<string, unknown>): { from?: 'document' } =>
    search.from === 'document' ? { from: 'document' } : {},
  component: lazyRouteComponent(() => import('./features/import/import-page.tsx'), 'ImportPage'),
})

const integration = createRoute({
  getParentRoute: () => root,
  path: '/integrations/$slug',
  component: lazyRouteComponent(() => import('./features/integration/integration-page.tsx'), 'IntegrationPage'),
})

/** A screen of its own: the tool at the left and what it does at the right need the room. */
const tool = createRoute({
  getParentRoute: () => root,
  path: '/integrations/$slug/tool',
  validateSearch: (search: Record<string, unknown>): { tool?: string; copy?: string } => ({
    ...textOf(search, 'tool'),
    ...textOf(search, 'copy'),
  }),
  component: lazyRouteComponent(() => import('./features/rest/tool-page.tsx'), 'ToolPage'),
})

const integrationIndex = createRoute({
  getParentRoute: () => integration,
  path: '/',
  beforeLoad: ({ params }) => {
    redirect({ to: '/integrations/$slug/overview', params, throw: true })
  },
})

const overview = createRoute({
  getParentRoute: () => integration,
  path: '/overview',
  component: lazyRouteComponent(() => import('./features/integration/overview-tab.tsx'), 'OverviewTab'),
})

const tools = createRoute({
  getParentRoute: () => integration,
  path: '/tools',
  validateSearch: (search: Record<string, unknown>): { q?: string; shown?: string } => ({
    ...textOf(search, 'q'),
    ...textOf(search, 'shown'),
  }),
  component: lazyRouteComponent(() => import('./features/integration/tools-tab.tsx'), 'ToolsTab'),
})

const connection = createRoute({
  getParentRoute: () => integration,
  path: '/connection',
  component: lazyRouteComponent(() => import('./features/integration/connection-tab.tsx'), 'ConnectionTab'),
})

const metrics = createRoute({
  getParentRoute: () => integration,
  path: '/metrics',
  component: lazyRouteComponent(() => import('./features/system/metrics-tab.tsx'), 'MetricsTab'),
})

const reimport = createRoute({
  getParentRoute: () => integration,
  path: '/openapi',
  component: lazyRouteComponent(() => import('./features/openapi-import/reimport-tab.tsx'), 'ReimportTab'),
})

const callSearch = (search: Record<string, unknown>): CallSearch => ({
  ...textOf(search, 'q'),
  ...textOf(search, 'status'),
  ...textOf(search, 'agent'),
  ...textOf(search, 'integration'),
  ...textOf(search, 'call'),
})

const integrationTraffic = createRoute({
  getParentRoute: () => integration,
  path: '/traffic',
  validateSearch: callSearch,
  component: lazyRouteComponent(() => import('./features/integration/traffic-tab.tsx'), 'TrafficTab'),
})

const integrationOutput = createRoute({
  getParentRoute: () => integration,
  path: '/output',
  component: lazyRouteComponent(() => import('./features/integration/output-tab.tsx'), 'OutputTab'),
})

const traffic = createRoute({
  getParentRoute: () => root,
  path: '/traffic',
  validateSearch: callSearch,
  component: lazyRouteComponent(() => import('./features/traffic/traffic-page.tsx'), 'TrafficPage'),
})

const changes = createRoute({
  getParentRoute: () => root,
  path: '/traffic/changes',
  component: lazyRouteComponent(() => import('./features/traffic/changes-page.tsx'), 'ChangesPage'),
})

const allTools = createRoute({
  getParentRoute: () => root,
  path: '/tools',
  validateSearch: (search: Record<string, unknown>): { q?: string; agent?: string } => ({
    ...textOf(search, 'q'),
    ...textOf(search, 'agent'),
  }),
  component: lazyRouteComponent(() => import('./features/tools/tools-page.tsx'), 'ToolsPage'),
})

const playground = createRoute({
  getParentRoute: () => root,
  path: '/playground',
  validateSearch: (search: Record<string, unknown>): { tool?: string } => textOf(search, 'tool'),
  component: lazyRouteComponent(() => import('./features/playground/playground-page.tsx'), 'PlaygroundPage'),
})

const incidents = createRoute({
  getParentRoute: () => root,
  path: '/incidents',
  validateSearch: (search: Record<string, unknown>): IncidentSearch => ({
    ...textOf(search, 'q'),
    ...textOf(search, 'status'),
    ...textOf(search, 'severity'),
    ...textOf(search, 'type'),
    ...textOf(search, 'incident'),
    ...textOf(search, 'report'),
  }),
  component: lazyRouteComponent(() => import('./features/incidents/incidents-page.tsx'), 'IncidentsPage'),
})

const notifications = createRoute({
  getParentRoute: () => root,
  path: '/notifications',
  component: lazyRouteComponent(() => import('./features/notifications/notifications-page.tsx'), 'NotificationsPage'),
})

const notificationsIndex = createRoute({
  getParentRoute: () => notifications,
  path: '/',
  beforeLoad: () => {
    redirect({ to: '/notifications/rules', throw: true })
  },
})

const notificationRules = createRoute({
  getParentRoute: () => notifications,
  path: '/rules',
  component: lazyRouteComponent(() => import('./features/notifications/rules-tab.tsx'), 'RulesTab'),
})

const notificationChannels = createRoute({
  getParentRoute: () => notifications,
  path: '/channels',
  component: lazyRouteComponent(() => import('./features/notifications/channels-tab.tsx'), 'ChannelsTab'),
})

const notificationDeliveries = createRoute({
  getParentRoute: () => notifications,
  path: '/deliveries',
  validateSearch: (search: Record<string, unknown>): DeliverySearch => ({
    ...textOf(search, 'channel'),
    ...textOf(search, 'state'),
    ...textOf(search, 'delivery'),
  }),
  component: lazyRouteComponent(() => import('./features/notifications/deliveries-tab.tsx'), 'DeliveriesTab'),
})

const notificationSources = createRoute({
  getParentRoute: () => notifications,
  path: '/sources',
  component: lazyRouteComponent(() => import('./features/notifications/sources-tab.tsx'), 'SourcesTab'),
})

/** Screens of their own: the settings at the left and what they lead to at the right need the room. */
const rule = createRoute({
  getParentRoute: () => root,
  path: '/notifications/rules/$id',
  validateSearch: (search: Record<string, unknown>): { copy?: string } => textOf(search, 'copy'),
  component: lazyRouteComponent(() => import('./features/notifications/rule-page.tsx'), 'RulePage'),
})

const channel = createRoute({
  getParentRoute: () => root,
  path: '/notifications/channels/$id',
  validateSearch: (search: Record<string, unknown>): { kind?: string; from?: string } => ({
    ...textOf(search, 'kind'),
    ...textOf(search, 'from'),
  }),
  component: lazyRouteComponent(() => import('./features/notifications/channel-page.tsx'), 'ChannelPage'),
})

const agents = createRoute({
  getParentRoute: () => root,
  path: '/agents',
  validateSearch: (search: Record<string, unknown>): { q?: string; tab?: 'profiles' | 'connect' } => ({
    ...textOf(search, 'q'),
    ...(search.tab === 'profiles' || search.tab === 'connect' ? { tab: search.tab } : {}),
  }),
  component: lazyRouteComponent(() => import('./features/agents/agents-page.tsx'), 'AgentsPage'),
})

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => import('./features/settings/settings-page.tsx'), 'SettingsPage'),
})

const settingsIndex = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    redirect({ to: '/settings/general', throw: true })
  },
})

const settingsGeneral = createRoute({
  getParentRoute: () => settings,
  path: '/general',
  component: lazyRouteComponent(() => import('./features/settings/general-tab.tsx'), 'GeneralTab'),
})

const settingsGateway = createRoute({
  getParentRoute: () => settings,
  path: '/gateway',
  component: lazyRouteComponent(() => import('./features/settings/gateway-tab.tsx'), 'GatewayTab'),
})

const settingsVault = createRoute({
  getParentRoute: () => settings,
  path: '/vault',
  component: lazyRouteComponent(() => import('./features/settings/vault-tab.tsx'), 'VaultTab'),
})

const settingsPlan = createRoute({
  getParentRoute: () => settings,
  path: '/plan',
  component: lazyRouteComponent(() => import('./features/settings/plan-tab.tsx'), 'PlanTab'),
})

const settingsAbout = createRoute({
  getParentRoute: () => settings,
  path: '/about',
  component: lazyRouteComponent(() => import('./features/settings/about-tab.tsx'), 'AboutTab'),
})

const routeTree = root.addChildren([
  home,
  integrations,
  add,
  rest,
  openApi,
  importPage,
  tool,
  integration.addChildren([
    integrationIndex,
    overview,
    tools,
    reimport,
    connection,
    metrics,
    integrationTraffic,
    integrationOutput,
  ]),
  allTools,
  playground,
  traffic,
  changes,
  incidents,
  notifications.addChildren([
    notificationsIndex,
    notificationRules,
    notificationChannels,
    notificationDeliveries,
    notificationSources,
  ]),
  rule,
  channel,
  agents,
  settings.addChildren([settingsIndex, settingsGeneral, settingsGateway, settingsVault, settingsPlan, settingsAbout]),
])

/** Hash routes: the same in `app://console/` and in a browser, and no server ever sees them. */
export function createConsoleRouter() {
  return createRouter({
    routeTree,
    history: createHashHistory(),
    defaultPreload: 'intent',
    defaultErrorComponent: ScreenError,
    // Its own scroll restoration would write an inline script, which the CSP forbids; lists keep their own place.
    scrollRestoration: false,
  })
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>
  }
}

function textOf<Key extends string>(search: Record<string, unknown>, key: Key): Partial<Record<Key, string>> {
  const value = search[key]
  // The router reads `?q=42` as a number; a search is always text.
  if (typeof value !== 'string' && typeof value !== 'number') return {}
  return { [key]: String(value) } as Partial<Record<Key, string>>
}
