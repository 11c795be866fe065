import type { IncomingMessage, ServerResponse } from 'node:http'
import { toApiError } from '../api/api-error.ts'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import { readConsoleFile } from '../console-files.ts'
import { CONSOLE_SESSION_PATH, type ConsoleSessions } from './console-sessions.ts'
import { errorBody, sendJson } from './json-answer.ts'
import { readJsonBody } from './json-body.ts'
import { requireOwnOrigin } from './own-origin.ts'
import { isUnder, pathOf } from './request-path.ts'

const MAX_CODE_BYTES = 4 * 1024

interface ConsoleDoorOptions {
  /** The built renderer. */
  consoleDir: string
  sessions: ConsoleSessions
  log: Pick<Logger, 'error'>
}

/**
 * The browser console: its files, which are public, and the exchange of a single-use code for a session. Threat: a page
 * of another origin that sends a code for somebody else.
 */
export class ConsoleDoor {
  readonly #options: ConsoleDoorOptions

  constructor(options: ConsoleDoorOptions) {
    this.#options = options
  }

  /** Answers every path but the API's; false for those. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const path = pathOf(request)
    const isSession = path === CONSOLE_SESSION_PATH
    if (!isSession && (isUnder(path, '/api') || isUnder(path, '/rpc'))) return false
    try {
      requireOwnOrigin(request)
      await (isSession ? this.#signIn(request, response) : this.#sendFile(request, response, path))
    } catch (thrown) {
      const error = toApiError(thrown, (fault) => {
        this.#options.log.error({ path, err: fault }, 'request failed')
        return path
      })
      if (response.headersSent) response.destroy()
      else sendJson(response, error.status, errorBody(error))
    }
    return true
  }

  async #signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
    requireMethod(request, response, ['POST'])
    const { code } = await readJsonBody(request, MAX_CODE_BYTES)
    const session = typeof code === 'string' ? this.#options.sessions.exchange(code) : undefined
    if (!session) {
      throw new AppError('unauthorized', {
        message: 'This link was used before or is too old. Run `gatehouse console` for a fresh one.',
      })
    }
    sendJson(response, 201, { token: session.token, expires_at: session.expiresAt.toISOString() })
  }

  async #sendFile(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    requireMethod(request, response, ['GET', 'HEAD'])
    const file = await readConsoleFile(this.#options.consoleDir, path)
    if (!file) {
      const message = path === '/' ? 'The console is not built. Run `npm run build` first.' : 'There is nothing here.'
      throw new AppError('not_found', { message })
    }
    response.writeHead(200, {
      ...file.headers,
      'content-length': file.body.length,
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      // The build puts a hash of the content into the names below assets/.
      'cache-control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
    })
    response.end(request.method === 'HEAD' ? undefined : file.body)
  }
}

function requireMethod(request: IncomingMessage, response: ServerResponse, methods: string[]): void {
  if (methods.includes(request.method ?? '')) return
  response.setHeader('allow', methods.join(', '))
  throw new AppError('method_not_allowed')
}
