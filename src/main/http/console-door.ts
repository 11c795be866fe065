import { readFile, realpath } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, sep } from 'node:path'
import { toApiError } from '../api/api-error.ts'
import { AppError } from '../base/app-error.ts'
import type { Logger } from '../base/log.ts'
import { CONSOLE_SESSION_PATH, type ConsoleSessions } from './console-sessions.ts'
import { errorBody, sendJson } from './json-answer.ts'
import { readJsonBody } from './json-body.ts'
import { requireOwnOrigin } from './own-origin.ts'
import { isUnder, pathOf } from './request-path.ts'

/** The same in the window and in a browser: nothing but our own files, no inline code, no frames. */
export const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

const MAX_CODE_BYTES = 4 * 1024

const contentTypes: Record<string, string> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

interface ConsoleDoorOptions {
  /** The built renderer. */
  consoleDir: string
  sessions: ConsoleSessions
  log: Pick<Logger, 'error'>
}

/**
 * The browser console: its files, which are public, and the exchange of a single-use code for a session. Threats: a path
 * that leaves the folder, a page that frames ours or sends the code for somebody else.
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
    // The page has addresses of its own (`/integrations/weather`): a browser that opens one gets the page.
    const isPage = extname(path) === '' && (path === '/' || (request.headers.accept ?? '').includes('text/html'))
    const name = isPage ? 'index.html' : decodedPath(path)
    const content = await this.#read(name)
    if (!content) {
      const message = isPage ? 'The console is not built. Run `npm run build` first.' : 'There is no such file.'
      throw new AppError('not_found', { message })
    }
    response.writeHead(200, {
      'content-type': contentTypes[extname(name)] ?? 'application/octet-stream',
      'content-length': content.length,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      // The build puts a hash of the content into the names below assets/.
      'cache-control': name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
    })
    response.end(request.method === 'HEAD' ? undefined : content)
  }

  /** Undefined for what is not a file inside the folder, links that lead out of it included. */
  async #read(name: string): Promise<Buffer | undefined> {
    try {
      const root = await realpath(this.#options.consoleDir)
      const file = await realpath(join(root, name))
      return file.startsWith(root + sep) ? await readFile(file) : undefined
    } catch {
      return undefined
    }
  }
}

/** A path with an encoded separator, dot segment or NUL names no file of ours: refused as it stands. */
function decodedPath(path: string): string {
  let decoded: string
  try {
    decoded = decodeURIComponent(path)
  } catch (cause) {
    throw new AppError('bad_request', { cause })
  }
  if (/[\\\0]|(^|\/)\.{1,2}(\/|$)/.test(decoded)) throw new AppError('bad_request')
  return decoded
}

function requireMethod(request: IncomingMessage, response: ServerResponse, methods: string[]): void {
  if (methods.includes(request.method ?? '')) return
  response.setHeader('allow', methods.join(', '))
  throw new AppError('method_not_allowed')
}
