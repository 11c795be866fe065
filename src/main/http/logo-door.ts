import type { IncomingMessage, ServerResponse } from 'node:http'
import type { LogoFiles } from '../logos/logo-files.ts'
import { readServedLogo } from '../logos/served-logo.ts'
import { sendJson } from './json-answer.ts'
import { isUnder, pathOf } from './request-path.ts'

/**
 * The logos of the browser console. An `<img>` sends no token, so none is asked for: the name of a logo is the hash of its
 * bytes, and whoever knows that knows the picture. What is left to learn is whether somebody has it. Threat: a page of
 * another origin that shows it to find out; the policy in its headers makes the browser refuse that as if it were not there.
 */
export class LogoDoor {
  readonly #files: LogoFiles

  constructor(files: LogoFiles) {
    this.#files = files
  }

  /** Answers everything below `/logos`; false for the rest. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const path = pathOf(request)
    if (!isUnder(path, '/logos')) return false
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('allow', 'GET, HEAD')
      refuse(response, 405, 'method_not_allowed', 'A logo can only be read.')
      return true
    }
    const logo = await readServedLogo(this.#files, path)
    if (logo === undefined) {
      refuse(response, 404, 'not_found', 'There is no such logo.')
      return true
    }
    response.writeHead(200, { ...logo.headers, 'content-length': logo.body.length })
    response.end(request.method === 'HEAD' ? undefined : logo.body)
    return true
  }
}

function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  sendJson(response, status, { error: { code, message, details: [] } })
}
