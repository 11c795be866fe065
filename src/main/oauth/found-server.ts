import type { ServerFacts } from './records.ts'

/** Where one signs in, and for what: all that a sign-in or a request for a token needs of discovery. */
export interface FoundServer {
  server: ServerFacts
  /** What to send as `resource` (RFC 8707, 2); undefined: nothing. */
  resource: string | undefined
  /** Those of the challenge, else all that the protected resource knows (RFC 9728, 2). Undefined: it says nothing of scopes. */
  scopes: string[] | undefined
  /** All that the resource named; the settings' `issuer` chooses among them. */
  issuers: string[]
  /**
   * Who said where one signs in: the resource's own metadata, the settings by an issuer, the settings by endpoints, or
   * nobody, so that it is asked at the resource's own origin (MCP authorization 2025-03-26).
   */
  source: 'protected_resource' | 'issuer' | 'typed' | 'origin'
}
