import type { McpSettings } from '../../shared/contract/integrations.ts'
import { AppError } from '../base/app-error.ts'
import { createConnector, type ConnectorOptions } from './connector.ts'
import { HttpStatusError } from './http-errors.ts'
import { Link } from './link.ts'
import type { ClientInfo } from './modern-meta.ts'
import { SIGN_IN_HINT, wantsSignIn } from './sign-in-hint.ts'
import type { TokenSource } from './token-source.ts'
import type { UpstreamSecrets } from './upstream.ts'

/** For the whole attempt: whoever waits for the test already knows that it failed. */
const ATTEMPT_MS = 5_000

interface AttemptOptions extends ConnectorOptions {
  clientInfo: ClientInfo
  signal: AbortSignal
}

export interface TransportHint {
  transport: 'sse' | 'http'
  /** It works there as soon as somebody signs in (OAuth). */
  signsIn: boolean
  /** For a person. */
  message: string
}

/**
 * After a test over one of the two HTTP transports failed: the other one, where it works at the same address. It is
 * tried in a connection of its own, with the same credentials, and only where the failure may come from the transport.
 */
export async function otherTransport(
  mcp: McpSettings,
  secrets: UpstreamSecrets,
  failure: AppError,
  options: AttemptOptions,
): Promise<TransportHint | undefined> {
  if (mcp.transport === 'stdio' || options.signal.aborted || !mayComeFromTransport(failure)) return undefined
  const { server_url, headers } = mcp
  const transport = mcp.transport === 'sse' ? 'http' : 'sse'
  const refusal = await attempt({ transport, server_url, headers, era: 'auto', isolation: 'shared' }, secrets, options)
  const signsIn = refusal instanceof AppError && wantsSignIn(refusal, sentTo(mcp, secrets))
  if (refusal !== undefined && !signsIn) return undefined
  const looks =
    transport === 'http' ? 'This looks like Streamable HTTP, not SSE.' : 'This looks like SSE, not Streamable HTTP.'
  return { transport, signsIn, message: signsIn ? `${looks} ${SIGN_IN_HINT}` : looks }
}

/** With what a server was asked. */
export function sentTo(
  mcp: McpSettings,
  { headers, token }: UpstreamSecrets,
): { headers: Record<string, string>; token: TokenSource | undefined } {
  return { headers: { ...(mcp.transport !== 'stdio' && mcp.headers), ...headers }, token }
}

/** A refused credential or a broken network would meet the other transport as well. */
function mayComeFromTransport({ code, cause }: AppError): boolean {
  if (code === 'upstream_invalid' || code === 'upstream_timeout') return true
  return code === 'upstream_unavailable' && (cause === undefined || cause instanceof HttpStatusError)
}

/** What is in its way; undefined: nothing. */
async function attempt(mcp: McpSettings, secrets: UpstreamSecrets, options: AttemptOptions): Promise<unknown> {
  const timeoutMs = Math.min(ATTEMPT_MS, options.limits.connectTimeoutMs)
  const limits = { ...options.limits, startTimeoutMs: timeoutMs, connectTimeoutMs: timeoutMs }
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(ATTEMPT_MS)])
  let link: Link | undefined
  try {
    const connector = await createConnector(mcp, secrets, { ...options, limits })
    link = await Link.open(connector, { client: options.clientInfo, limits, era: mcp.era, signal })
    await link.list(signal)
    return undefined
  } catch (error) {
    return error // it was only a try: what is shown is the failure of what was asked for
  } finally {
    await link?.close()
  }
}
