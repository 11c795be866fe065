import { AppError } from '../base/app-error.ts'
import { messageOf } from '../base/message-of.ts'
import type { McpSettings } from '../../shared/contract/integrations.ts'
import { childEnvironment } from './child-environment.ts'
import type { ChildProcesses } from './child-processes.ts'
import { findCommand, isDirectory } from './find-command.ts'
import type { UpstreamLimits } from './limits.ts'
import type { OutputRing } from './output-ring.ts'
import { SecretFilter } from './secret-filter.ts'
import type { StdioCommand } from './start-process.ts'
import { StdioTransport } from './stdio.ts'
import type { Transport } from './transport.ts'
import type { UpstreamSecrets } from './upstream.ts'

/** Makes transports to one server: more than one where an opening has to start afresh. */
export interface Connector {
  readonly kind: McpSettings['transport']
  /** Keeps this server's credentials out of the errors that it causes. */
  readonly filter: SecretFilter
  /** Throws AppError; `details` name the form's field at fault. */
  open(): Transport
}

export interface ConnectorOptions {
  limits: UpstreamLimits
  children: ChildProcesses
  /** Where a process's words and its start and end are kept. */
  output?: OutputRing
}

export async function createConnector(
  mcp: McpSettings,
  secrets: UpstreamSecrets,
  options: ConnectorOptions,
): Promise<Connector> {
  const { limits } = options
  const filter = new SecretFilter(secrets)
  if (mcp.transport !== 'stdio') {
    const place = {
      url: new URL(mcp.server_url),
      headers: { ...mcp.headers, ...secrets.headers },
      filter,
      token: secrets.token,
    }
    // Loaded when they are needed: the HTTP client is ten megabytes of memory, and many gateways only start processes.
    if (mcp.transport === 'http') {
      const { HttpTransport } = await import('./http.ts')
      return { kind: 'http', filter, open: () => new HttpTransport(place, limits) }
    }
    const { SseTransport } = await import('./sse.ts')
    return { kind: 'sse', filter, open: () => new SseTransport(place, limits) }
  }
  const environment = await options.children.environment
  return { kind: 'stdio', filter, open: () => openStdio(resolveCommand(mcp, secrets, environment), filter, options) }
}

/** Finds what the settings name, with `own` as our environment. Throws AppError when the command or the directory is not there. */
export function resolveCommand(
  mcp: Extract<McpSettings, { transport: 'stdio' }>,
  secrets: UpstreamSecrets,
  own: NodeJS.ProcessEnv,
): StdioCommand {
  const environment = childEnvironment(own, { ...mcp.env, ...secrets.env })
  const cwd = mcp.cwd ?? process.cwd()
  if (!isDirectory(cwd)) throw fieldError('mcp.cwd', `The working directory ${cwd} does not exist.`)
  const file = findCommand(mcp.command, { cwd, environment })
  if (file === undefined) {
    const isPath = /[\\/]/.test(mcp.command)
    const where = isPath ? 'does not exist or may not be executed' : 'was not found on the PATH'
    throw fieldError('mcp.command', `${mcp.command} ${where}.`)
  }
  return { file, command: mcp.command, args: mcp.args, environment, cwd }
}

function openStdio(command: StdioCommand, filter: SecretFilter, options: ConnectorOptions): StdioTransport {
  try {
    return new StdioTransport(command, filter, options)
  } catch (error) {
    const why = messageOf(error)
    throw fieldError('mcp.command', `${command.command} could not be started: ${why}`, error)
  }
}

function fieldError(path: string, message: string, cause?: unknown): AppError {
  return new AppError('upstream_unavailable', { message, details: [{ path, message }], cause })
}
