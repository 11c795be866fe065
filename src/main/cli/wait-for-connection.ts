import type { Integration } from '../../shared/contract/integrations.ts'
import type { Client } from './running-gateway.ts'

/** A little more than the upstream's own start timeout, which says better what is wrong. */
const WAIT_MS = 35_000

/**
 * Does `change`, then waits until the integration is connected or has failed to. The changes are listened to before the
 * change is made, so that none is missed.
 */
export async function waitForConnection(
  client: Client,
  signal: AbortSignal,
  change: () => Promise<Integration>,
): Promise<Integration> {
  const done = new AbortController()
  const limit = AbortSignal.any([signal, done.signal, AbortSignal.timeout(WAIT_MS)])
  const events = await client.system.stream(undefined, { signal: limit })
  let integration: Integration | undefined
  try {
    integration = await change()
    while (integration.connection.state === 'connecting') {
      const next = await events.next()
      if (next.done) break
      const event = next.value
      if (event.type === 'integration_changed' && event.integration.name === integration.name) {
        integration = event.integration
      } else if (event.type === 'resync') {
        integration = await client.integrations.get({ name: integration.name }, { signal: limit })
      }
    }
  } catch (error) {
    // Out of time: it is stored and still connecting, which is what we say then.
    if (integration === undefined || signal.aborted || !limit.aborted) throw error
  } finally {
    done.abort()
    await events.return().catch(() => undefined)
  }
  return integration
}
