import { startApp, type App } from '../../app.ts'
import { createLogger, type Logger } from '../../base/log.ts'
import { messageOf } from '../../base/message-of.ts'
import { readVaultChoice, type VaultChoice } from '../../environment.ts'
import type { CommandContext } from '../command-context.ts'
import { coreOptions } from '../core-options.ts'
import { RestCollector } from '../rest-collector.ts'
import { VAULT_HINT } from '../vault-hint.ts'
import { UsageError } from '../usage-error.ts'

const MIN_TOKEN_LENGTH = 32
const LOOPBACK = new Set(['127.0.0.1', 'localhost', '::1'])

export interface ServeOptions {
  host: string
  /** Undefined: as the settings say. */
  port?: number
  allowHost: string[]
  config?: string
}

/** Runs the gateway until a signal ends it. */
export async function serve(context: CommandContext, options: ServeOptions): Promise<number> {
  const { terminal, env, signal } = context
  const { version } = context.installation
  const adminToken = tokenFrom(env, 'GATEHOUSE_ADMIN_TOKEN')
  const agentToken = tokenFrom(env, 'GATEHOUSE_AGENT_TOKEN')
  if (agentToken !== undefined && agentToken === adminToken) {
    throw new UsageError('GATEHOUSE_ADMIN_TOKEN and GATEHOUSE_AGENT_TOKEN are the same: every agent would be an admin.')
  }
  if (!LOOPBACK.has(options.host) && options.allowHost.length === 0) {
    throw new UsageError(
      `--host ${options.host} opens the gateway to other machines. Say by which names they reach it: --allow-host NAME.`,
    )
  }
  const config = options.config === undefined ? undefined : await readConfig(context, options.config)
  const log = createLogger()
  const app = await startApp({
    ...coreOptions(context),
    host: options.host,
    port: options.port,
    vault: vaultFrom(env),
    ...(adminToken === undefined ? {} : { adminToken }),
    ...(agentToken === undefined ? {} : { agentToken }),
    mintDefaultAgent: true,
    connect: 'always',
    announce: true,
    allowedHosts: options.allowHost,
    log,
  })
  const collector = new RestCollector()
  try {
    await config?.apply(app)
    await warn(app, options, log)
    terminal.answer(readyEvent(app, version), () => readyLine(app, version))
    await aborted(signal)
    log.info('shutting down')
  } finally {
    collector.close()
    await app.close()
  }
  return 0
}

/** What the ready line says to a program (contract.md, "Starting"). */
function readyEvent(app: App, version: string) {
  return {
    event: 'ready',
    version,
    pid: process.pid,
    mcp_url: app.urls.mcp_url,
    api_url: app.urls.api_url,
    console_url: app.urls.console_url(),
    admin_token: app.adminToken,
    agent_token: app.agentToken,
  }
}

function readyLine(app: App, version: string): string {
  const { mcp_url, console_url } = app.urls
  return `Gatehouse ${version} is ready. MCP: ${mcp_url}  Agent token: ${app.agentToken ?? ''}  Console: ${console_url()}`
}

/** Told before anything starts is what can be told from the file alone. Loaded for who has such a file. */
async function readConfig(context: CommandContext, path: string): Promise<{ apply: (app: App) => Promise<void> }> {
  const { applyDocument, checkDocument, readDocument } = await import('../document-file.ts')
  const document = await readDocument(context, path)
  checkDocument(document)
  return {
    apply: async ({ router }) => {
      const [{ createRouterClient }, operations] = await Promise.all([import('@orpc/server'), router()])
      const client = createRouterClient(operations, { context: { actor: 'cli', workspace: context.workspace } })
      await applyDocument(client, document)
    },
  }
}

async function warn({ vaultState }: App, { host }: ServeOptions, log: Logger): Promise<void> {
  if (!LOOPBACK.has(host)) {
    log.warn({ host }, 'the gateway is open to other machines and speaks plain HTTP: put TLS in front of it')
  }
  const { state, reason } = await vaultState()
  if (state === 'locked') log.warn({ reason }, 'the vault is locked: integrations that need a secret wait for it')
  if (state === 'unavailable') log.warn({ reason }, `there is no vault for secrets. ${VAULT_HINT}`)
}

function tokenFrom(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const token = env[name]
  if (!token) return undefined
  if (token.length < MIN_TOKEN_LENGTH || !/^[!-~]+$/.test(token)) {
    throw new UsageError(`${name} needs ${MIN_TOKEN_LENGTH} printable characters or more, without spaces.`)
  }
  return token
}

function vaultFrom(env: NodeJS.ProcessEnv): VaultChoice {
  try {
    return readVaultChoice(env)
  } catch (error) {
    throw new UsageError(messageOf(error))
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
