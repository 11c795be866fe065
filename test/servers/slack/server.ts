/**
 * Slack's Web API as its published method descriptions have it: form bodies, JSON only where Slack reads it, errors as 200
 * with `ok: false`, scopes in headers, cursors, and about one message a second a channel where a test turns that on.
 */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { Refusal, type Arguments, type Call, type Method } from './answer.ts'
import { FakeOAuth } from './oauth.ts'
import { postingMethods } from './posting-methods.ts'
import { readingMethods } from './reading-methods.ts'
import { FakeWorkspace, type FakeToken } from './workspace.ts'

const METHODS: Readonly<Record<string, Method>> = { ...readingMethods, ...postingMethods }
const PACE_MS = 1000

export interface SeenCall {
  method: string
  args: Arguments
  authorization: string | undefined
  contentType: string
}

/** Another answer than the API would give. */
export interface Instead {
  status: number
  headers?: Record<string, string>
  /** Left out: the connection is closed without an answer. */
  body?: string
}

export interface FakeSlack {
  workspace: FakeWorkspace
  oauth: FakeOAuth
  /** `…/api` */
  apiUrl: string
  signInUrl: string
  /** All calls, in their order. */
  seen: SeenCall[]
  /** Of one method. */
  calls(method: string): SeenCall[]
  /** What is answered in place of the next call of a method; several are used up one after the other. */
  instead(method: string, ...answers: Instead[]): void
  /** Refuses more than a message a second in a channel, by the clock of the workspace. */
  limitsPosts: boolean
  close(): Promise<void>
}

export async function startFakeSlack(): Promise<FakeSlack> {
  const workspace = new FakeWorkspace()
  const oauth = new FakeOAuth(workspace)
  const seen: SeenCall[] = []
  const planned = new Map<string, Instead[]>()
  const lastPosts = new Map<string, number>()
  const server = createServer((request, response) => {
    void serve(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const slack: FakeSlack = {
    workspace,
    oauth,
    apiUrl: `${origin}/api`,
    signInUrl: `${origin}/oauth/v2_user/authorize`,
    seen,
    calls: (method) => seen.filter((call) => call.method === method),
    instead: (method, ...answers) => planned.set(method, [...(planned.get(method) ?? []), ...answers]),
    limitsPosts: false,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin)
    const body = await buffer(request)
    if (url.pathname === '/oauth/v2_user/authorize') {
      const next = oauth.authorize(url.searchParams)
      if ('location' in next) response.writeHead(302, { location: next.location }).end()
      else response.writeHead(200, { 'content-type': 'text/html' }).end(next.page)
    } else if (url.pathname.startsWith('/upload/v1/')) {
      upload(url.pathname.split('/').at(-1) ?? '', body, response)
    } else {
      answerCall(request, response, url, body)
    }
  }

  function answerCall(request: IncomingMessage, response: ServerResponse, url: URL, body: Buffer): void {
    const method = url.pathname.replace(/^\/api\//, '')
    const contentType = request.headers['content-type'] ?? ''
    const args = argumentsOf(METHODS[method], contentType, body, url)
    seen.push({ method, args, authorization: request.headers.authorization, contentType })
    const instead = planned.get(method)?.shift()
    if (instead !== undefined) {
      answerInstead(instead, response)
    } else if (method === 'oauth.v2.user.access') {
      json(response, oauth.access(new URLSearchParams(body.toString())))
    } else if (isTooFast(method, args)) {
      json(response, { ok: false, error: 'ratelimited' }, { status: 429, headers: { 'retry-after': '1' } })
    } else {
      const token = tokenOf(request, args)
      json(response, answerOf(method, token, args), { headers: scopeHeaders(method, token, args) })
    }
  }

  function answerOf(method: string, token: FakeToken | string, args: Arguments): Record<string, unknown> {
    const known = METHODS[method]
    if (known === undefined) return { ok: false, error: 'unknown_method', req_method: method }
    if (typeof token === 'string') return { ok: false, error: token }
    try {
      checkScopes(known, token, args)
      const call: Call = { workspace, token, args, origin }
      return { ok: true, ...known.run(call) }
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, error: error.error, ...error.details }
      throw error
    }
  }

  /** The name of an error where there is none that holds. */
  function tokenOf(request: IncomingMessage, args: Arguments): FakeToken | string {
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1]
    const given = bearer ?? (typeof args.token === 'string' ? args.token : undefined)
    if (given === undefined) return 'not_authed'
    const token = workspace.tokens.get(given)
    return token === undefined ? 'invalid_auth' : (token.state ?? token)
  }

  function isTooFast(method: string, args: Arguments): boolean {
    if (!slack.limitsPosts || method !== 'chat.postMessage') return false
    const channel = String(args.channel)
    const last = lastPosts.get(channel)
    if (last !== undefined && workspace.clockMs - last < PACE_MS) return true
    lastPosts.set(channel, workspace.clockMs)
    return false
  }

  function upload(id: string, content: Buffer, response: ServerResponse): void {
    const file = workspace.files.get(id)
    const isRight = file?.length === content.length
    if (file !== undefined && isRight) file.content = content
    response.writeHead(isRight ? 200 : 400).end(isRight ? `OK - ${content.length}` : 'wrong length')
  }

  return slack
}

function neededScopes({ scopes }: Method, args: Arguments): readonly (readonly string[])[] {
  if (typeof scopes === 'function') return scopes(args)
  return scopes.length === 0 ? [] : [scopes]
}

function checkScopes(method: Method, token: FakeToken, args: Arguments): void {
  for (const alternatives of neededScopes(method, args)) {
    if (alternatives.some((scope) => token.scopes.includes(scope))) continue
    throw new Refusal('missing_scope', { needed: alternatives.join(','), provided: token.scopes.join(',') })
  }
}

function scopeHeaders(method: string, token: FakeToken | string, args: Arguments): Record<string, string> {
  const known = METHODS[method]
  if (typeof token === 'string' || known === undefined) return {}
  const accepted = typeof known.scopes === 'function' ? known.scopes(args).flat() : known.scopes
  return {
    'x-oauth-scopes': token.scopes.join(','),
    ...(accepted.length > 0 && { 'x-accepted-oauth-scopes': accepted.join(',') }),
  }
}

function argumentsOf(method: Method | undefined, contentType: string, body: Buffer, url: URL): Arguments {
  const query = Object.fromEntries(url.searchParams)
  if (contentType.startsWith('application/json')) {
    return method?.takesJson === true ? { ...query, ...(JSON.parse(body.toString()) as Arguments) } : query
  }
  return { ...query, ...Object.fromEntries(new URLSearchParams(body.toString())) }
}

function answerInstead({ status, headers = {}, body }: Instead, response: ServerResponse): void {
  if (body === undefined) response.destroy()
  else response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
}

function json(
  response: ServerResponse,
  body: Record<string, unknown>,
  { status = 200, headers = {} }: { status?: number; headers?: Record<string, string> } = {},
): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
    .end(JSON.stringify(body))
}
