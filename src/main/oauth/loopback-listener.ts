import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import { CallbackRequests, type CallbackRequestsOptions } from './callback-requests.ts'
import { isCallbackPath } from './callback-uri.ts'

// As in http/server.ts: an import would load the whole of undici that Node brings.
const { createServer } = process.getBuiltinModule('node:http')

const HOST = '127.0.0.1'
const MAX_CONNECTIONS = 16
const TIMEOUT_MS = 10_000
const CLOSE_MS = 2_000

interface LoopbackListenerOptions extends CallbackRequestsOptions {
  port: number
  log: Logger
}

/**
 * Hears browsers come back on a port of its own, while a sign-in waits. It knows one path and those of clients below it. Threat: a name of a web page
 * that resolves to this machine (the Host header has to be the address), and connections that send nothing.
 */
export class LoopbackListener {
  readonly #requests: CallbackRequests
  readonly #options: LoopbackListenerOptions
  readonly #server: Server

  constructor(options: LoopbackListenerOptions) {
    this.#options = options
    this.#requests = new CallbackRequests(options)
    this.#server = createServer(
      { headersTimeout: TIMEOUT_MS, requestTimeout: TIMEOUT_MS, connectionsCheckingInterval: TIMEOUT_MS / 2 },
      (request, response) => void this.#serve(request, response),
    )
    this.#server.maxConnections = MAX_CONNECTIONS
  }

  /** Throws AppError `in_use` when another program has the port. */
  async listen(): Promise<void> {
    const { port } = this.#options
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', (cause: NodeJS.ErrnoException) => {
        const message = `Port ${port} of this machine, where the browser has to come back to, can not be had (${cause.code ?? 'unknown'}). Stop the program that uses it, or choose another redirect port in the OAuth settings.`
        reject(new AppError('in_use', { message, cause }))
      })
      this.#server.listen({ host: HOST, port }, resolve)
    })
    this.#server.removeAllListeners('error')
  }

  /** The page that is being sent arrives. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => void this.#server.close(() => resolve()))
    this.#server.closeIdleConnections()
    const cut = setTimeout(() => this.#server.closeAllConnections(), CLOSE_MS)
    await closed
    clearTimeout(cut)
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { port, log } = this.#options
    try {
      const isOurs = request.headers.host === `${HOST}:${port}`
      const [path = ''] = (request.url ?? '').split('?', 1)
      if (isOurs && isCallbackPath(path)) await this.#requests.answer(request, response)
      else response.writeHead(isOurs ? 404 : 403, { 'content-length': 0 }).end()
    } catch (error) {
      log.error({ err: error }, 'the browser of a sign-in could not be answered')
      response.destroy()
    }
  }
}
