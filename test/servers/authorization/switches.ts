import type { ClientMetadata } from 'oidc-provider'

/** Who may ask about anybody's tokens: the protected server of the tests. */
export const RESOURCE_SERVER = { client_id: 'resource-server', client_secret: 'resource-server-secret' }

/** What a test does to one endpoint. All of it may be changed while the server runs. */
export interface EndpointBehaviour {
  /** Answers this and does nothing else. */
  answer?: { status: number; body: unknown; headers?: Record<string, string> }
  /** Before anything is done. */
  delayMs?: number
  /** Never answers. */
  hang?: boolean
  /** Does what was asked for, and then breaks the connection instead of answering: a rotation that is lost, for example. */
  loseAnswer?: boolean
  /** Fields that its JSON, or for `callback` its query, leaves out. */
  drop?: string[]
  /** Fields that are put into it. */
  add?: Record<string, unknown>
  /** Only token requests with this grant type. */
  grantType?: string
  /** For so many requests, then it is as ever. Left out: until it is changed. */
  times?: number
}

/** `callback` is no endpoint: it is the redirect that takes the browser back to the client. */
export const ENDPOINTS = [
  'metadata',
  'authorization',
  'callback',
  'token',
  'registration',
  'revocation',
  'introspection',
  'jwks',
] as const
export type Endpoint = (typeof ENDPOINTS)[number]

/** What can be changed while the server runs: `POST /control`. */
export interface Switches {
  accessTokenSeconds: number
  refreshTokenSeconds: number
  /** `offline_access`: only who asks for that scope gets one. */
  refreshTokens: 'always' | 'offline_access' | 'never'
  /** Each refresh token is used once; using it again ends the whole grant. */
  rotateRefreshTokens: boolean
  /** What the person does on the page that nobody sees. */
  consent: 'granted' | 'denied'
  /** Left out: whatever is asked for. */
  grantedScopes: string[] | null
  endpoints: Partial<Record<Endpoint, EndpointBehaviour | null>>
}

/** What is settled when it starts. */
export interface AuthorizationServerConfig extends Partial<Switches> {
  port?: number
  /** Path of the issuer, for example `/tenant`. */
  path?: string
  /** Scopes beside `openid` and `offline_access`. Default: tools:read, tools:write. */
  scopes?: string[]
  /** What somebody gets who asks for no scope at all. Default: tools:read. */
  defaultScope?: string
  /** Clients that were registered by hand. */
  clients?: ClientMetadata[]
  /** RFC 7591. Default: true. */
  registration?: boolean
  /** Client ID Metadata Documents, by their URL: nothing is fetched. Left out: it takes none. */
  metadataDocuments?: Record<string, object>
  /** The resources that it knows (RFC 8707). Left out: any. */
  resources?: string[]
  /** What tokens are for where nobody names a resource. */
  defaultResource?: string
}

export interface Forget {
  /** Kinds of records that are gone from now on, for example `AccessToken`, `RefreshToken`, `Grant`, `Client`. */
  forget?: string[]
}

export interface RecordedRequest {
  endpoint: Endpoint
  method: string
  path: string
  query: Record<string, string>
  /** A form or JSON body; of what is neither, `{}`. */
  body: Record<string, unknown>
  authorization?: string
  /** Of the answer. Null: there was none. */
  status: number | null
}
