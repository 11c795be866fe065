import type { IncomingMessage, ServerResponse } from 'node:http'
import type { OAuthCallbacks } from '../oauth/callbacks.ts'
import type { Door } from './server.ts'

interface OAuthDoorOptions {
  callbacks: Pick<OAuthCallbacks, 'take'>
  /** Whether this system hands links of the scheme `gatehouse:` to us: the page leads back with one. */
  deepLinks: boolean
}

/** `GET /oauth/callback`, and the metadata of the gateway as a protected resource. */
export class OAuthDoor implements Door {
  constructor(_options: OAuthDoorOptions) {
    throw new Error('begun')
  }

  handle(_request: IncomingMessage, _response: ServerResponse): Promise<boolean> {
    throw new Error('begun')
  }
}
