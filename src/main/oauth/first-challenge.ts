import type { OAuthFetch, OAuthRequest } from './oauth-fetch.ts'
import { OAuthError } from './oauth-error.ts'
import type { OAuthTarget } from './oauth-target.ts'

/** What every MCP server hears first; it is refused before it is read. */
const FIRST_REQUEST = JSON.stringify({
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'gatehouse', version: '1' } },
})
/** Some servers let everybody begin, and want a token for what they have. */
const SECOND_REQUEST = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list', params: {} })

/** Statuses of a server that takes no POST there, as those of HTTP with SSE. */
const NO_POST = new Set([400, 404, 405, 406, 415, 501])

/** How a server answers. */
export interface FirstAnswer {
  status: number
  /** `WWW-Authenticate` of a 401; several of them with a comma between. */
  challenge: string | undefined
}

/** Asks a server what it is asked first, without a token or with one. Throws OAuthError as the fetch does. */
export async function firstAnswer(
  { protocol, url }: Pick<OAuthTarget, 'protocol' | 'url'>,
  fetch: OAuthFetch,
  authorization?: string,
): Promise<FirstAnswer> {
  const ask = async ({ headers, ...request }: OAuthRequest): Promise<FirstAnswer> => {
    const all = { ...headers, ...(authorization !== undefined && { authorization }) }
    const response = await fetch(url.href, { ...request, headers: all })
    const challenge = response.status === 401 ? response.headers.get('www-authenticate') : null
    return { status: response.status, challenge: challenge ?? undefined }
  }
  if (protocol === 'rest') return ask({ method: 'GET', headers: { accept: 'application/json, */*;q=0.5' } })
  const accept = 'application/json, text/event-stream'
  const headers = { accept, 'content-type': 'application/json' }
  const posted = await ask({ method: 'POST', headers, body: FIRST_REQUEST })
  if (posted.status !== 401 && authorization === undefined) {
    const listed = await ask({ method: 'POST', headers, body: SECOND_REQUEST })
    if (listed.status === 401) return listed
  }
  if (!NO_POST.has(posted.status)) return posted
  const got = await ask({ method: 'GET', headers: { accept: 'text/event-stream' } })
  return got.status === 401 ? got : posted
}

/** The challenge of a server that was asked without a token; undefined: it gave none, for whatever reason. */
export async function probeChallenge(
  target: Pick<OAuthTarget, 'protocol' | 'url'>,
  fetch: OAuthFetch,
): Promise<string | undefined> {
  try {
    return (await firstAnswer(target, fetch)).challenge
  } catch (error) {
    // Discovery asks the same server, and says what is wrong with it.
    if (error instanceof OAuthError) return undefined
    throw error
  }
}
