import type { VaultState } from '../shared/contract/vault.ts'
import type { ApiRouter } from './api/router.ts'
import type { Logger } from './base/log.ts'
import type { BridgeCommand } from './clients/client-facts.ts'
import type { Place } from './clients/place.ts'
import type { CallbackOutcome } from './oauth/callbacks.ts'
import type { StartReading } from './rest/openapi/start-reading.ts'
import type { LoginItem, SettingsService } from './settings/service.ts'
import type { VaultSettings } from './vault/key-encryption-keys.ts'

export interface AppOptions {
  dataDir: string
  version: string
  host: string
  /** 0 takes a free one; a taken one is an error that names it. Undefined: as the settings say. */
  port?: number | undefined
  /** The built renderer, for browsers. */
  consoleDir: string
  /** What ships beside the code: `registry/` holds the system integrations, as they are written or as a build has read them. */
  resourcesDir: string
  vault: VaultSettings
  /** What servers' processes inherit from, by an allowlist. A promise is waited for by processes only. Default: our own. */
  environment?: NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>
  /** Fixed ones (≥ 32 characters); else minted for this run. */
  adminToken?: string
  agentToken?: string
  /** Whether the agent `default` gets a token for this run. */
  mintDefaultAgent: boolean
  /** `on_demand`: an integration rests until a call needs it, and its tools come from the last known list. */
  connect: 'always' | 'on_demand'
  /** Whether the run file tells commands of this core. They could not rely on one that ends in a moment. */
  announce: boolean
  /** What only the desktop application has: whether it starts at login. */
  loginItem?: LoginItem
  /** Opens a page in the system's browser; left out where there is nobody in front of one. */
  openBrowser?: (url: string) => Promise<void>
  /** Whether the system hands links of the scheme `gatehouse:` to this core. */
  deepLinks: boolean
  /** Where the configurations of MCP clients are. Default: those of this user. */
  place?: Place
  /** Starts `gatehouse` of this installation, for clients that start programs only. Default: by its name. */
  launcher?: BridgeCommand
  /** Starts the process that reads OpenAPI documents. Default: by Node. */
  startReading?: StartReading
  /** Host names beside the loopback ones. */
  allowedHosts: readonly string[]
  /** Binding file of the SQLite driver, where the one in node_modules does not fit the runtime. */
  nativeBinding?: string
  log: Logger
}

export interface App {
  /** The operations, as every door has them; loaded when they are first asked for. */
  router: () => Promise<ApiRouter>
  settings: Pick<SettingsService, 'values'>
  vaultState: () => Promise<VaultState>
  /** `console_url()` mints a single-use code at each call. */
  urls: { readonly mcp_url: string; readonly api_url: string; console_url: () => string }
  adminToken: string
  agentToken: string | undefined
  /** The browser comes back by `gatehouse://oauth/callback?…`. Undefined: the link means nothing here. */
  takeDeepLink(url: string): Promise<CallbackOutcome | undefined>
  close(): Promise<void>
}
