/**
 * A process for as many authorization and protected servers as a test wants: to load what they are made of takes longer
 * than most tests do. By `fork`; each `Order` is answered by an `Answer`, and it ends with whoever started it.
 */
import { serveAuthorization } from './authorization/server.ts'
import type { AuthorizationServerConfig } from './authorization/switches.ts'
import { serveProtected } from './protected/server.ts'
import type { ProtectedServerConfig } from './protected/switches.ts'

export type Order =
  | { start: 'authorization'; config: AuthorizationServerConfig }
  | { start: 'protected'; config: ProtectedServerConfig }
  /** The one at this origin. */
  | { stop: string }

export interface Answer {
  id: number
  /** Of what was started. */
  origin?: string
  error?: string
}

// The provider warns of what is only for tests.
console.info = console.warn = () => undefined

const closing = new Map<string, () => Promise<void>>()

async function follow(order: Order): Promise<Omit<Answer, 'id'>> {
  if ('stop' in order) {
    await closing.get(order.stop)?.()
    closing.delete(order.stop)
    return {}
  }
  const start = order.start === 'authorization' ? serveAuthorization(order.config) : serveProtected(order.config)
  const { origin, close } = await start
  closing.set(origin, close)
  return { origin }
}

process.on('message', ({ id, order }: { id: number; order: Order }) => {
  follow(order)
    .catch((error: unknown) => ({ error: String(error) }))
    .then((answer) => process.send?.({ id, ...answer } satisfies Answer))
    .catch(() => undefined)
})
process.on('disconnect', () => process.exit())
