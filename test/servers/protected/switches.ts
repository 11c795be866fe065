/** What can be changed while the server runs: `POST /control`. */
export interface ProtectedSwitches {
  /** `seen`: no token holds any more that came up to now. `all`: none does, and none that comes. `none`: as the issuer says. */
  refuse: 'seen' | 'all' | 'none'
  /** What its challenges say beside the scheme (RFC 9728, 5.1). `none`: there is no challenge. */
  challenge: 'resource_metadata' | 'bearer' | 'none'
  /** `scope` of the challenge that comes with 401. */
  challengeScope: string | null
  /** `scope` of the challenge that `write` comes back with. */
  writeScope: string
  /** Where its metadata is: with the path in the address (RFC 9728, 3.1), at the root, or nowhere. */
  metadata: 'path' | 'root' | 'none'
  /** In place of what the metadata says truly. */
  metadataChanges: Record<string, unknown>
}

/** What is settled when it starts. */
export interface ProtectedServerConfig extends Partial<ProtectedSwitches> {
  /** Its authorization servers. The first says what a token is worth (RFC 7662). */
  issuers: string[]
  port?: number
  /** Only tokens for this resource. Default: the address that was asked. */
  audience?: string
}

export interface SeenRequest {
  method: string
  path: string
  /** The JSON-RPC method, and of a call the tool. */
  rpc?: string
  token?: string
  status: number
}
