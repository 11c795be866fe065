/** A server in front of another one that lets only those requests through which have a token that it accepts. */
import { once } from 'node:events'
import { createServer, request as requestOf, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readBody } from './http-text.ts'

export interface GuardedRequest {
  verb: string
  path: string
  headers: IncomingMessage['headers']
  body: string
}

export interface Refusal {
  status: number
  /** `WWW-Authenticate`; several are sent as headers of their own. */
  challenge?: string | string[]
  body?: string
  location?: string
}

export interface TokenGuard {
  origin: string
  url(path: string): string
  /** Values of `Authorization` that are let through. */
  accepted: Set<string>
  /** What else is refused. Called with what would be let through. */
  refuses: ((request: GuardedRequest) => Refusal | undefined) | undefined
  /** All that came, with the status of a refusal. */
  seen: (GuardedRequest & { refused: number | undefined })[]
  close(): Promise<void>
}

export const CHALLENGE = 'Bearer error="invalid_token", error_description="The access token expired"'

/** `target`: the origin of the server behind it. */
export async function startTokenGuard(target: string): Promise<TokenGuard> {
  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const { method: verb = '', url: path = '/', headers } = request
      const asked = { verb, path, headers, body }
      const refusal = guard.accepted.has(headers.authorization ?? '')
        ? guard.refuses?.(asked)
        : { status: 401, challenge: CHALLENGE, body: `Not valid: ${headers.authorization ?? 'nothing'}` }
      guard.seen.push({ ...asked, refused: refusal?.status })
      if (refusal) {
        const { status, challenge, body: words = 'refused', location } = refusal
        if (challenge !== undefined) response.setHeader('www-authenticate', challenge)
        if (location !== undefined) response.setHeader('location', location)
        response.writeHead(status, { 'content-type': 'text/plain' }).end(words)
        return
      }
      const behind = requestOf(new URL(path, target), { method: verb, headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        response.flushHeaders()
        answer.pipe(response)
        answer.on('error', () => response.destroy())
      })
      behind.on('error', () => response.destroy())
      response.on('close', () => behind.destroy())
      behind.end(body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const guard: TokenGuard = {
    origin,
    url: (path) => `${origin}/${path}`,
    accepted: new Set(),
    refuses: undefined,
    seen: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return guard
}
