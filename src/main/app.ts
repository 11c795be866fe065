import { randomBytes } from 'node:crypto'
import type { Status } from '../shared/contract/system.ts'
import { DEFAULT_WORKSPACE } from '../shared/contract/words.ts'
import { ProfilesService } from './agents/profiles.ts'
import { AgentsService } from './agents/service.ts'
import type { ApiServices } from './api/services.ts'
import type { App, AppOptions } from './app-options.ts'
import { Closing } from './base/closing.ts'
import { configurationServices } from './configuration-services.ts'
import { Emitter } from './base/emitter.ts'
import { headStart } from './base/head-start.ts'
import { connectionServices } from './connection-services.ts'
import { doorServices, type DoorServices } from './door-services.ts'
import { Gateway } from './gateway/gateway.ts'
import { nameInGateway } from './gateway/names.ts'
import { Addresses } from './http/addresses.ts'
import { ConsoleSessions } from './http/console-sessions.ts'
import { incidentServices } from './incident-services.ts'
import { CallTotals } from './incidents/metrics.ts'
import { IntegrationsService } from './integrations/service.ts'
import { liveLimits } from './live-limits.ts'
import { fetchLogo } from './logos/fetch-logo.ts'
import { LogoFiles } from './logos/logo-files.ts'
import { notificationServices } from './notification-services.ts'
import { ownAddresses } from './notifications/wire/addresses.ts'
import { oauthServices } from './oauth-services.ts'
import { openApiServices } from './openapi-services.ts'
import { prometheusServices } from './prometheus-services.ts'
import { Audit } from './records/audit.ts'
import { CallLog } from './records/call-log.ts'
import { SettingsService } from './settings/service.ts'
import { AgentsStore } from './store/agents-store.ts'
import { AuditStore } from './store/audit-store.ts'
import { CallsStore } from './store/calls-store.ts'
import { IntegrationsStore } from './store/integrations-store.ts'
import { MetaStore } from './store/meta-store.ts'
import { openStorage } from './store/open-storage.ts'
import { ProfilesStore } from './store/profiles-store.ts'
import { OffersStore } from './store/offers-store.ts'
import { SecretsStore } from './store/secrets-store.ts'
import { ToolPinsStore } from './store/tool-pins-store.ts'
import { WorkspacesStore } from './store/workspaces-store.ts'
import { systemServices } from './system-services.ts'
import { SystemKeychain } from './vault/keychain.ts'
import { Vault } from './vault/vault.ts'
import { WorkspacesService } from './workspaces/service.ts'

export type { App, AppOptions } from './app-options.ts'

/** A locked keychain asks a person; the gateway does not wait for that person. */
const VAULT_HEAD_START_MS = 1_000
const KEYCHAIN_TIMEOUT_MS = 30_000

/** Composes the product: opens everything in order, listens, and connects. The only place that makes services. */
export async function startApp(options: AppOptions): Promise<App> {
  const closing = new Closing()
  try {
    return await compose(options, closing)
  } catch (error) {
    await closing.close()
    throw error
  }
}

async function compose(options: AppOptions, closing: Closing): Promise<App> {
  const { log, version } = options
  const { dataDir, database, callLog } = await openStorage(options, closing)
  const emitter = new Emitter()
  const meta = new MetaStore(database)
  const settings: SettingsService = new SettingsService({
    meta,
    emitter,
    log,
    loginItem: options.loginItem,
    listener: {
      get port() {
        return server.port
      },
      move: async (port) => {
        await server.move(port)
        announce()
      },
    },
    discoveryModeChanged: () => {
      for (const { name } of workspaces.list()) gateway.invalidate(name)
    },
  })
  await settings.start()
  closing.add(() => settings.close())
  const store = new IntegrationsStore(database)
  const vault = new Vault({
    settings: options.vault,
    keychain: new SystemKeychain({ service: 'Gatehouse', timeoutMs: KEYCHAIN_TIMEOUT_MS }),
    meta,
    secrets: new SecretsStore(database),
    emitter,
    redactor: log.redactor,
  })
  closing.add(() => vault.close())
  const vaultOpened = vault.open()
  const calls = new CallLog({
    store: new CallsStore(callLog),
    log,
    recordBodies: () => settings.values.record_bodies,
    retentionDays: () => settings.values.call_retention_days,
  })
  await calls.start()
  closing.add(() => calls.close())
  const callTotals = new CallTotals(calls)
  const audit = new Audit({ store: new AuditStore(database), log })
  closing.add(() => audit.close())
  const workspaces = new WorkspacesService({
    store: new WorkspacesStore(database),
    contents: {
      count: (name) => ({ integrations: integrations.count(name), agents: agents.count(name) }),
      erase: async (name) => {
        await integrations.eraseDeleted(name)
        await profiles.eraseOf(name)
        await notifications.eraseOf(name)
        await prometheus.eraseOf(name)
        await incidents.eraseOf(name)
        await calls.clear(name)
      },
    },
    emitter,
  })
  await workspaces.start()

  // What is served, its connections and the gateway know each other; the closures tie the knot.
  const { agents: agentLimits, upstream: limits } = liveLimits(settings)
  const connections = connectionServices({
    environment: options.environment ?? process.env,
    childrenFile: dataDir.childrenFile,
    limits,
    listener: {
      connectionChanged: (upstream) => integrations.connectionChanged(upstream),
      offerChanged: (upstream, kinds) => integrations.offerChanged(upstream, kinds),
      said: (upstream, notification) => gateway.said(upstream, notification),
    },
    version,
    log,
  })
  closing.add(() => connections.close())
  const gateway: Gateway = new Gateway({
    served: (workspace) => [...integrations.served(workspace), incidents.served(workspace)],
    disabled: (workspace) =>
      integrations
        .list(workspace)
        .filter(({ status }) => status === 'disabled')
        .map(({ name }) => integrations.filteredTools(workspace, name)),
    agentOf: (id) => agents.identityOf(id),
    mergesInstructions: () => settings.values.merge_instructions,
    callsPerMinute: () => settings.values.agent_calls_per_minute,
    calls: callTotals,
    log,
    version,
  })
  closing.add(() => gateway.close())
  const logoFiles = new LogoFiles(dataDir.logosDir)
  const oauth = oauthServices({
    integrations: () => integrations,
    gateway: {
      host: options.host,
      get port() {
        return server.port
      },
    },
    openBrowser: options.openBrowser,
    deepLinks: options.deepLinks,
    log,
  })
  closing.add(() => oauth.close())
  const system = await systemServices({
    resourcesDir: options.resourcesDir,
    integrations: () => integrations,
    channelsOf: (workspace, integration) => notifications.channelsOf(workspace, integration),
    webhooks: {
      endpoints: (workspace) => notifications.webhooks(workspace),
      isOwn: ownAddresses(() => ({ host: options.host, port: server.port })),
    },
  })
  const integrations: IntegrationsService = new IntegrationsService({
    store,
    offers: new OffersStore(database),
    toolPins: new ToolPinsStore(database),
    vault,
    workspaces,
    registry: system.registry,
    adapters: system.adapters,
    connectTimeoutMs: limits.connectTimeoutMs,
    upstreams: connections.pool,
    probe: connections.probe,
    createKeeper: (parts) => oauth.createKeeper(parts),
    systemChanged: (...changed) => prometheus.changed(...changed),
    catalog: gateway,
    logos: { files: logoFiles, fetch: fetchLogo },
    isOwnAddress: (url) => server.isOwnAddress(url),
    emitter,
    log,
  })
  closing.add(() => integrations.close())
  const profiles = new ProfilesService({
    store: new ProfilesStore(database),
    workspaces,
    agentsWith: (profileId) => agents.namesWith(profileId),
    catalog: gateway,
    offInNewProfiles: async () => (await system.sendingTools()).map(([slug, tool]) => nameInGateway(slug, tool)),
    emitter,
  })
  await profiles.start()
  closing.add(() => profiles.close())
  const agents: AgentsService = new AgentsService({
    store: new AgentsStore(database),
    workspaces,
    profiles,
    gateway,
    defaultDiscoveryMode: () => settings.values.discovery_mode,
    emitter,
    log,
  })
  await agents.start()
  closing.add(() => agents.close())

  const notifications = await notificationServices({
    database,
    vault,
    workspaces,
    access: (workspace, name) => system.access(workspace, name),
    listening: () => ({ host: options.host, port: server.port }),
    // A core that ends in a moment is no place to look at anything.
    linkTo: (workspace, incidentId) => (options.announce ? urls.incidents(workspace, incidentId) : null),
    emitter,
    log,
  })
  closing.add(() => notifications.close())

  const configurations = configurationServices({
    ...options,
    dataDir: dataDir.path,
    integrations,
    profiles,
    agents,
    workspaces,
    settings,
    vault,
    // A core that ends in a moment is not where a client finds the gateway: that one will listen as the settings say.
    mcpUrl: () => (options.announce ? urls.mcp_url : `http://127.0.0.1:${settings.values.port}/mcp`),
    isOwnAddress: (url) => server.isOwnAddress(url),
  })
  closing.add(() => configurations.close())
  const documents = openApiServices({
    integrations,
    profiles,
    calls,
    redactor: log.redactor,
    startReading: options.startReading,
  })
  closing.add(() => documents.close())
  const sessions = new ConsoleSessions()
  const urls = new Addresses({ host: options.host, port: () => server.port, createCode: () => sessions.createCode() })
  const adminToken = options.adminToken ?? `gha_${randomBytes(32).toString('base64url')}`
  log.redactor.register(adminToken)
  const incidents = await incidentServices({
    database,
    planner: notifications.planner,
    workspaces,
    integrations,
    deliveries: (workspace) => notifications.deliveryStates(workspace),
    agentName: (id) => agents.identityOf(id)?.name,
    calls: callTotals,
    urls,
    adminToken,
    version,
    emitter,
    log,
  })
  closing.add(() => incidents.close())
  const prometheus = prometheusServices({
    database,
    seriesFile: dataDir.seriesFile,
    nativeBinding: options.nativeBinding,
    integrations,
    incidents: incidents.incidents,
    openKeys: (workspace, prefix) => incidents.openKeys(workspace, prefix),
    workspaces: () => workspaces.list().map(({ name }) => name),
    emitter,
    log,
  })
  closing.add(() => prometheus.close())
  const status = async (workspace: string): Promise<Status> => ({
    version,
    workspace,
    mcp_url: urls.mcp_url,
    api_url: urls.api_url,
    data_dir: dataDir.path,
    dropped_calls: calls.dropped,
    vault: await vault.state(),
  })
  const services: ApiServices = {
    integrations,
    trials: integrations.trials,
    agents,
    profiles,
    audit,
    calls,
    workspaces,
    settings,
    vault,
    gateway,
    ...documents,
    ...configurations,
    authorizations: oauth.authorizations,
    setup: system.setup,
    channels: notifications.channels,
    rules: notifications.rules,
    deliveries: notifications.deliveries,
    incidents: incidents.incidents,
    hookTokens: incidents.hookTokens,
    prometheus: prometheus.prometheus,
    events: emitter,
    status,
    restartGateway: (workspace) => {
      gateway.endSessions()
      integrations.restartAll()
      return status(workspace)
    },
    consoleUrl: () => urls.console_url(),
  }
  const { server, router }: DoorServices = doorServices({
    ...options,
    port: options.port ?? settings.values.port,
    services,
    gateway,
    agents,
    agentLimits,
    logoFiles,
    further: [oauth.door, incidents.door],
    adminToken,
    sessions,
  })
  await integrations.load()
  await headStart(vaultOpened, VAULT_HEAD_START_MS)
  await notifications.start()
  await server.listen()
  closing.add(() => server.close())
  closing.add(() => emitter.close())
  integrations.connect(options.connect)
  // A core that ends in a moment has nothing to watch.
  if (options.connect === 'always') {
    await incidents.watch()
    await prometheus.start()
  }

  const agentToken = options.mintDefaultAgent
    ? await agents.mintDefault(DEFAULT_WORKSPACE, options.agentToken)
    : undefined
  const announce = (): void => {
    if (options.announce) {
      dataDir.writeRunFile({ pid: process.pid, mcp_url: urls.mcp_url, api_url: urls.api_url, admin_token: adminToken })
    }
  }
  announce()
  if (options.announce) closing.add(() => dataDir.removeRunFile())

  log.info({ port: server.port, data_dir: dataDir.path }, 'gateway is listening')
  const { takeDeepLink } = oauth
  return {
    router,
    settings,
    vaultState: () => vault.state(),
    urls,
    adminToken,
    agentToken,
    takeDeepLink,
    close: () => closing.close(),
  }
}
