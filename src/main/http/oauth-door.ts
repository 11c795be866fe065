import type { IncomingMessage, ServerResponse } from 'node:http'
import { CallbackRequests, type CallbackRequestsOptions } from '../oauth/callback-requests.ts'
import { isCallbackPath } from '../oauth/callback-uri.ts'
import { sendJson } from './json-answer.ts'
import { isUnder, pathOf } from './request-path.ts'
import type { Door } from './server.ts'

const METADATA_PATH = '/.well-known/oauth-protected-resource'
const ENDPOINT = /^\/mcp(\/[a-z0-9]+(-[a-z0-9]+)*)?$/

/**
 * `GET /oauth/callback` and what clients have below it, where browsers come back to, and the metadata of the gateway's own endpoints (RFC 9728): they
 * take bearer tokens that an admin makes for each agent, and name no authorization server. It says the same of every
 * endpoint, so nobody learns from it which integrations there are.
 */
export class OAuthDoor implements Door {
  readonly #callbacks: CallbackRequests

  constructor(options: CallbackRequestsOptions) {
    this.#callbacks = new CallbackRequests(options)
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    const path = pathOf(request)
    if (isCallbackPath(path)) await this.#callbacks.answer(request, response)
    else if (isUnder(path, METADATA_PATH)) sendMetadata(request, response, path.slice(METADATA_PATH.length))
    else return false
    return true
  }
}

/** `endpoint`: the path of the resource, which stands after the well-known one (RFC 9728, 3.1). */
function sendMetadata(request: IncomingMessage, response: ServerResponse, endpoint: string): void {
  if (request.method !== 'GET') {
    response.setHeader('allow', 'GET')
    sendJson(response, 405, fault('method_not_allowed', 'The metadata can only be read.'))
    return
  }
  if (endpoint !== '' && !ENDPOINT.test(endpoint)) {
    sendJson(response, 404, fault('not_found', 'There is no such endpoint.'))
    return
  }
  // The host guard has let this name pass.
  const origin = `http://${request.headers.host}`
  sendJson(response, 200, {
    resource: origin + endpoint,
    resource_name: 'Gatehouse: agents use a token made in Gatehouse, under Agents',
    resource_documentation: `${origin}/#/agents`,
    bearer_methods_supported: ['header'],
  })
}

function fault(code: string, message: string) {
  return { error: { code, message, details: [] } }
}
