import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import type { Provider } from 'oidc-provider'
import { answerInteraction } from './consent.ts'
import { routes } from './provider.ts'
import type { AuthorizationServerConfig, Endpoint, EndpointBehaviour, RecordedRequest, Switches } from './switches.ts'

type Context = Parameters<Parameters<Provider['use']>[0]>[0]

/** What stands around the provider: the record of requests, the switches of a test, and the page that nobody sees. */
export function surround(
  provider: Provider,
  config: AuthorizationServerConfig,
  switches: Switches,
  recorded: RecordedRequest[],
): void {
  provider.use(async (context, next) => {
    if (context.path.startsWith('/interaction/')) {
      context.respond = false
      await answerInteraction(provider, switches, context.req, context.res)
      return
    }
    const endpoint = endpointAt(context.path)
    if (!endpoint) {
      await next()
      sendBack(context, switches)
      return
    }
    const body = await bodyOf(context)
    const record = recordOf(endpoint, context, body)
    recorded.push(record)
    if (endpoint === 'authorization' && context.query.scope === undefined) {
      context.query = { ...context.query, scope: config.defaultScope ?? 'tools:read' }
      Object.assign(context.req, { originalUrl: `${config.path ?? ''}${context.url}` })
    }

    const behaviour = taken(switches, endpoint, body)
    if (behaviour?.delayMs !== undefined) await wait(behaviour.delayMs)
    if (behaviour?.hang) {
      context.respond = false
      return
    }
    if (behaviour?.answer) {
      const { status, body: answer, headers } = behaviour.answer
      Object.assign(context, { status, body: answer })
      if (headers) context.set(headers)
    } else {
      await next()
      if (endpoint === 'authorization') sendBack(context, switches)
    }
    if (behaviour && typeof context.body === 'object' && context.body !== null) {
      context.body = changed(context.body as Record<string, unknown>, behaviour)
    }
    if (behaviour?.loseAnswer) {
      context.respond = false
      context.req.socket.destroy()
      return
    }
    record.status = context.status
  })
}

function endpointAt(path: string): Endpoint | undefined {
  if (path.startsWith('/.well-known/')) return 'metadata'
  return Object.entries(routes).find(([, route]) => route === path)?.[0] as Endpoint | undefined
}

/** The redirect to the client, which is the only one that leaves this server. */
function sendBack(context: Context, switches: Switches): void {
  const location = context.response.get('location')
  if (location === '' || !URL.canParse(location) || new URL(location).origin === context.origin) return
  const behaviour = taken(switches, 'callback', {})
  if (!behaviour) return
  const url = new URL(location)
  for (const name of behaviour.drop ?? []) url.searchParams.delete(name)
  for (const [name, value] of Object.entries(behaviour.add ?? {})) url.searchParams.set(name, String(value))
  context.set('location', url.href)
}

function taken(switches: Switches, endpoint: Endpoint, body: Record<string, unknown>): EndpointBehaviour | undefined {
  const behaviour = switches.endpoints[endpoint]
  if (!behaviour || (behaviour.grantType !== undefined && body.grant_type !== behaviour.grantType)) return undefined
  if (behaviour.times !== undefined) {
    if (behaviour.times === 0) return undefined
    behaviour.times--
  }
  return behaviour
}

function changed(body: Record<string, unknown>, { drop = [], add = {} }: EndpointBehaviour): Record<string, unknown> {
  const kept = Object.entries(body).filter(([name]) => !drop.includes(name))
  return { ...Object.fromEntries(kept), ...add }
}

/** Read here, so that it can be recorded; the provider takes what it finds at the request. */
async function bodyOf(context: Context): Promise<Record<string, unknown>> {
  if (context.method !== 'POST') return {}
  const body = await text(context.req)
  Object.assign(context.req, { body })
  if (context.is('application/x-www-form-urlencoded')) return Object.fromEntries(new URLSearchParams(body))
  try {
    return JSON.parse(body) as Record<string, unknown>
  } catch {
    return {}
  }
}

function recordOf(endpoint: Endpoint, context: Context, body: Record<string, unknown>): RecordedRequest {
  const query = Object.entries(context.query).map(([name, value]) => [name, [value ?? ''].flat().join(' ')])
  const { authorization } = context.headers
  return {
    endpoint,
    method: context.method,
    path: context.path,
    query: Object.fromEntries(query) as Record<string, string>,
    body,
    ...(authorization !== undefined && { authorization }),
    status: null,
  }
}
