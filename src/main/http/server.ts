import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { errorTable, type ErrorCode } from '../../shared/contract/error-table.ts'
import { AppError } from '../base/app-error.ts'
import { InFlight } from '../base/in-flight.ts'
import type { Logger } from '../base/log.ts'
import { HostGuard } from './host-guard.ts'
import { sendJson } from './json-answer.ts'
import { mostConnections } from './most-connections.ts'
import { pathOf } from './request-path.ts'

// An import of node:http reads all that it exports, WebSocket included, and with that Node loads its own copy of undici:
// 12 MiB and half of the time to start, for something that nobody here uses.
const { createServer } = process.getBuiltinModule('node:http')

/** One part of the listener: answers the requests that are its own. */
export interface Door {
  /** False when the request belongs to another door; nothing has been written then. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<boolean>
  /** Ends the answers that would never end by themselves; calls that are running go on. */
  endStreams?(): void
}

/** One socket that is listened on, and what is being answered there. */
interface Listener {
  server: Server
  sockets: number
  /** Connections over the limit: told so, whatever they ask. */
  surplus: WeakSet<Socket>
  inFlight: InFlight<ServerResponse>
  port: number
  closing: boolean
}

interface HttpServerOptions {
  host: string
  /** 0 takes a free one. */
  port: number
  allowedHosts: readonly string[]
  /** Asked in this order. */
  doors: readonly Door[]
  /** Connections that are served at a time. Default: what this process has files for. */
  maxConnections?: number
  log: Pick<Logger, 'error'>
}

const MAX_HEADER_BYTES = 16 * 1024
const HEADERS_TIMEOUT_MS = 10_000
const REQUEST_TIMEOUT_MS = 60_000
/** How often Node looks for connections past these two: the default of 30 s would let a slow sender hold one that long. */
const TIMEOUT_CHECK_MS = 5_000
/** Longer than the pauses between an agent's calls, so that most of them find their connection still open. */
const KEEP_ALIVE_MS = 60_000
/** So many connections more are told that there are too many; what comes then is closed unheard. */
const MAX_SURPLUS = 64
const DRAIN_MS = 5_000
const IDLE_SWEEP_MS = 50

/** The one listener. Every request passes the host guard before anything looks at its path or its token. */
export class HttpServer {
  readonly #options: HttpServerOptions
  readonly #guard: HostGuard
  readonly #maxConnections: number
  #current: Listener | undefined
  /** Listeners that were moved away from, until their last answer is out. */
  readonly #leaving = new Set<Promise<void>>()

  constructor(options: HttpServerOptions) {
    this.#options = options
    this.#guard = new HostGuard(options.allowedHosts)
    this.#maxConnections = options.maxConnections ?? mostConnections()
  }

  /** What is listened on; 0 before `listen`. */
  get port(): number {
    return this.#current?.port ?? 0
  }

  /** Gives the port that is listened on. A taken one is an error that names it, never a silent move to another. */
  async listen(): Promise<number> {
    this.#current = await this.#open(this.#options.port)
    return this.#current.port
  }

  /** Listens on another port from now on; running answers finish where they are. Throws, and stays, when it is taken. */
  async move(port: number): Promise<void> {
    const next = await this.#open(port)
    const former = this.#current
    this.#current = next
    if (former === undefined) return
    const left = this.#leave(former, DRAIN_MS)
    this.#leaving.add(left)
    void left.then(() => this.#leaving.delete(left))
  }

  isOwnAddress(url: URL): boolean {
    return this.#guard.isOwn(url, this.port)
  }

  /** Stops accepting, lets running answers finish for a moment, then cuts what is left. */
  async close(deadlineMs: number = DRAIN_MS): Promise<void> {
    const listener = this.#current
    this.#current = undefined
    if (listener !== undefined) this.#leaving.add(this.#leave(listener, deadlineMs))
    await Promise.all(this.#leaving)
  }

  async #open(port: number): Promise<Listener> {
    const { host } = this.#options
    const server = createServer(
      {
        maxHeaderSize: MAX_HEADER_BYTES,
        headersTimeout: HEADERS_TIMEOUT_MS,
        requestTimeout: REQUEST_TIMEOUT_MS,
        connectionsCheckingInterval: TIMEOUT_CHECK_MS,
        keepAliveTimeout: KEEP_ALIVE_MS,
        noDelay: true,
      },
      (request, response) => void this.#serve(listener, request, response),
    )
    const listener: Listener = {
      server,
      sockets: 0,
      surplus: new WeakSet(),
      inFlight: new InFlight(),
      port,
      closing: false,
    }
    server.maxConnections = this.#maxConnections + MAX_SURPLUS
    server.on('connection', (socket: Socket) => {
      if (++listener.sockets > this.#maxConnections) listener.surplus.add(socket)
      socket.once('close', () => listener.sockets--)
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error: NodeJS.ErrnoException) => reject(listenFailure(error, host, port)))
      server.listen({ host, port }, resolve)
    })
    server.removeAllListeners('error')
    listener.port = (server.address() as AddressInfo).port
    return listener
  }

  async #leave(listener: Listener, deadlineMs: number): Promise<void> {
    const { server, inFlight } = listener
    listener.closing = true
    const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
    for (const response of inFlight) response.shouldKeepAlive = false
    // An answer that has begun already promised to keep its connection; Node closes idle ones only once, just above.
    const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS)
    for (const door of this.#options.doors) door.endStreams?.()
    const cut = setTimeout(() => server.closeAllConnections(), deadlineMs)
    await closed
    clearInterval(sweep)
    clearTimeout(cut)
  }

  async #serve(listener: Listener, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { inFlight } = listener
    if (listener.closing) response.shouldKeepAlive = false
    const place = inFlight.add(response)
    try {
      if (this.#answersItself(listener, request, response)) return
      for (const door of this.#options.doors) if (await door.handle(request, response)) return
      refuse(response, 'not_found', 'There is nothing at this address.')
    } catch (failure) {
      // A client that hangs up in the middle of its body is no fault of ours, and nobody is left to be answered.
      if (!request.complete && request.socket.destroyed) return
      this.#options.log.error({ path: pathOf(request), err: failure }, 'request failed')
      if (response.headersSent) response.destroy()
      else refuse(response, 'internal')
    } finally {
      inFlight.remove(place)
    }
  }

  /** What comes before any door: true when it was answered. */
  #answersItself(listener: Listener, request: IncomingMessage, response: ServerResponse): boolean {
    if (!this.#guard.admits(request, listener.port)) {
      refuse(response, 'forbidden', 'This host name is not one of the gateway.')
    } else if (listener.surplus.has(request.socket)) {
      turnAway(response)
    } else if (request.method === 'GET' && pathOf(request) === '/healthz') {
      response.writeHead(200, { 'Content-Length': 0, 'Cache-Control': 'no-store' }).end()
    } else return false
    return true
  }
}

function refuse(response: ServerResponse, code: ErrorCode, message: string = errorTable[code].message): void {
  sendJson(response, errorTable[code].status, { error: { code, message, details: [] } })
}

function turnAway(response: ServerResponse): void {
  response.shouldKeepAlive = false
  response.setHeader('retry-after', '1')
  const message = 'Too many connections are open. Close some, or try again shortly.'
  sendJson(response, 503, { error: { code: 'rate_limited', message, details: [] } })
}

function listenFailure(error: NodeJS.ErrnoException, host: string, port: number): AppError {
  if (error.code === 'EADDRINUSE') {
    const message = `Port ${port} on ${host} is already in use. Stop the program that uses it or choose another port.`
    return new AppError('internal', { message, cause: error })
  }
  if (error.code === 'EACCES') {
    const message = `Port ${port} on ${host} needs more rights than this user has. Choose a port from 1024 on.`
    return new AppError('internal', { message, cause: error })
  }
  return new AppError('internal', { message: `Cannot listen on ${host}:${port} (${error.code ?? error.message}).` })
}
