import { ORPCError } from '@orpc/client'
import { RPCLink } from '@orpc/client/fetch'
import { type ConsoleLink, SignedOutError, UnreachableError, WORKSPACE_HEADER } from './host.ts'

const TOKEN_KEY = 'gatehouse.session'
const CODE = /^#code=([^&]+)/
const EXCHANGE_TIMEOUT_MS = 10_000

/**
 * The browser's way to the core: `/rpc` of the origin that served this page, with a session token that lives as long as
 * the tab. The single-use code of `gatehouse console` comes in the URL's fragment and leaves it before anything else
 * runs, so that it reaches neither the history nor the router.
 */
export function browserLink(storage: Storage, workspace: () => string): ConsoleLink {
  const code = takeCode()
  let token = code === undefined ? Promise.resolve(storage.getItem(TOKEN_KEY)) : exchange(code, storage)
  // Looked at again by each call; until then nobody waits for it.
  token.catch(() => undefined)

  // A fresh link opened in this tab changes the fragment only: start anew with its code, before the router reads it.
  window.addEventListener('popstate', (event) => {
    if (!CODE.test(location.hash)) return
    event.stopImmediatePropagation()
    location.reload()
  })

  const link = new RPCLink({
    url: () => `${location.origin}/rpc`,
    headers: async () => ({ authorization: `Bearer ${(await token) ?? ''}`, [WORKSPACE_HEADER]: workspace() }),
  })
  return {
    async call(path, input, options) {
      if (!(await token)) throw new SignedOutError('This tab has no session.')
      try {
        return await link.call(path, input, options)
      } catch (cause) {
        if (cause instanceof ORPCError && cause.status === 401) {
          storage.removeItem(TOKEN_KEY)
          token = Promise.resolve(null)
          throw new SignedOutError('The session has ended.', { cause })
        }
        if (cause instanceof TypeError) throw new UnreachableError('The gateway is not answering.', { cause })
        throw cause
      }
    },
  }
}

function takeCode(): string | undefined {
  const code = CODE.exec(location.hash)?.[1]
  if (code !== undefined) history.replaceState(null, '', location.pathname + location.search)
  return code === undefined ? undefined : decodeURIComponent(code)
}

async function exchange(code: string, storage: Storage): Promise<string> {
  const answer = await fetch('/api/v1/console/session', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
    signal: AbortSignal.timeout(EXCHANGE_TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw new UnreachableError('The gateway is not answering.', { cause })
  })
  const body = (await answer.json().catch(() => null)) as { token?: unknown } | null
  if (!answer.ok || typeof body?.token !== 'string')
    throw new SignedOutError('This link was used before or is too old.')
  storage.setItem(TOKEN_KEY, body.token)
  return body.token
}
