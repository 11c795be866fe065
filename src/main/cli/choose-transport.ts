import type { z } from 'zod'
import type { ConnectionDraft } from '../../shared/contract/integrations.ts'
import type { Client } from './running-gateway.ts'

type Draft = z.input<typeof ConnectionDraft>

/**
 * Which of the two HTTP transports the server at a URL speaks. The usual ends of an address tell; any other is tried,
 * Streamable HTTP first, which is also the answer where nothing works: the connection then says why.
 */
export async function chooseTransport(
  client: Client,
  url: string,
  { auth_type, credentials }: Pick<Draft, 'auth_type' | 'credentials'>,
  signal: AbortSignal,
): Promise<'http' | 'sse'> {
  const path = URL.canParse(url) ? new URL(url).pathname : ''
  if (/\/sse\/?$/i.test(path)) return 'sse'
  if (path === '' || /\/mcp\/?$/i.test(path)) return 'http'
  const mcp = { transport: 'http', server_url: url } as const
  const steps = await client.integrations.test_draft({ mcp, auth_type, credentials }, { signal })
  let step = await steps.next()
  while (step.done !== true) step = await steps.next()
  return step.value.suggested_transport ?? 'http'
}
