import { z } from 'zod'
import { HttpUrl } from './http-url.ts'

/** This machine, as an address is written. Tokens may go there without TLS (RFC 8252, 8.3). */
const LOOPBACK = /^http:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])([:/?#]|$)/i

/** An address that codes, tokens or secrets go to: https, or http on this machine (RFC 9700, 2.6). */
export const OAuthUrl = HttpUrl.refine(
  (value) => /^https:/i.test(value) || LOOPBACK.test(value),
  'Use https. Plain http is only for this machine.',
)

export const GrantType = z.enum(['authorization_code', 'client_credentials'])
export type GrantType = z.infer<typeof GrantType>

/**
 * How the browser comes back: to the gateway's own address on 127.0.0.1 (RFC 8252, 7.3), or by a link of the scheme
 * `gatehouse:`, which the system hands to the desktop application (RFC 8252, 7.1).
 */
export const RedirectKind = z.enum(['loopback', 'deep_link'])
export type RedirectKind = z.infer<typeof RedirectKind>

/** How the client shows who it is at the token endpoint (RFC 6749, 2.3; RFC 7523, 2.2). */
export const TokenEndpointAuthMethod = z.enum(['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'])
export type TokenEndpointAuthMethod = z.infer<typeof TokenEndpointAuthMethod>

/** A scope (RFC 6749, 3.3). */
export const Scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/, 'A scope is one word without quotes.')

/**
 * What is not secret about OAuth 2.1. Everything may be left out: a server says itself where one signs in, and gives
 * a client. What is given goes before what is found.
 */
export const OAuthSettings = z.strictObject({
  grant_type: GrantType.default('authorization_code'),
  /** The authorization server, where the server names several or none (RFC 8414). */
  issuer: OAuthUrl.optional(),
  /** Endpoints typed by hand, for a server without metadata: `token_url` at least, and `authorization_url` for a sign-in. */
  authorization_url: OAuthUrl.optional(),
  token_url: OAuthUrl.optional(),
  revocation_url: OAuthUrl.optional(),
  /** Of a client that was registered by hand. Its secret or key is in `credentials`. */
  client_id: z.string().min(1).max(2048).optional(),
  /** The URL of a Client ID Metadata Document, for servers that take one in place of a registration. */
  client_metadata_url: OAuthUrl.optional(),
  /** Left out: the best that the server supports and the credentials allow. */
  token_endpoint_auth_method: TokenEndpointAuthMethod.optional(),
  /** Left out: what the server asks for. */
  scopes: z.array(Scope).max(200).default([]),
  /** Sent as `audience`, for servers that want one. */
  audience: z.string().min(1).max(2048).optional(),
  /** Sent as `resource` (RFC 8707). Left out: the MCP server's own URL; none for a REST API. */
  resource: HttpUrl.refine((value) => !value.includes('#'), 'A resource has no fragment.').optional(),
  redirect: RedirectKind.default('loopback'),
  /** A port of its own for the loopback redirect, where the server compares ports. Left out: the gateway's. */
  redirect_port: z.int().min(1024).max(65_535).optional(),
  /** Signs in although the server does not say that it checks PKCE. For old servers that are known to. */
  allow_unadvertised_pkce: z.boolean().default(false),
})
export type OAuthSettings = z.output<typeof OAuthSettings>

/** How the client came to its identifier, in the order in which it is tried. */
export const Registration = z.enum(['pre_registered', 'metadata_document', 'dynamic'])
export type Registration = z.infer<typeof Registration>

/** How an integration with auth type `oauth2` stands to its authorization server. Nothing in it is a secret. */
export const OAuthStatus = z.object({
  /** `ended`: there was a grant, and it does not hold any more; `problem` says why. */
  state: z.enum(['signed_out', 'signed_in', 'ended']),
  issuer: z.string().nullable(),
  /** All that the server named when it was asked last: the settings' `issuer` chooses among them. */
  issuers: z.array(z.string()),
  client_id: z.string().nullable(),
  registration: Registration.nullable(),
  /** What was granted. */
  scopes: z.array(z.string()),
  /** What the server asked for beyond that: signing in again grants it. */
  missing_scopes: z.array(z.string()),
  /** Of the access token. Null: there is none, or the server did not say. */
  expires_at: z.iso.datetime().nullable(),
  /** It is renewed by itself before that. */
  renews: z.boolean(),
  signed_in_at: z.iso.datetime().nullable(),
  /** A sign-in that waits for the browser. */
  waiting: z.object({ redirect: RedirectKind, expires_at: z.iso.datetime() }).nullable(),
  /** Where the browser comes back to: what a client that is registered by hand needs. */
  redirect_uri: z.string(),
  /** Why it does not work, and what to do, for a person. */
  problem: z.object({ code: z.string(), message: z.string() }).nullable(),
})
export type OAuthStatus = z.infer<typeof OAuthStatus>

/** A sign-in that has begun. With client credentials there is nobody to ask: the URL is null, and the token there already. */
export const AuthorizationStart = z.object({
  authorization_url: z.string().nullable(),
  /** The system's browser was told to open it. */
  opened: z.boolean(),
  redirect_uri: z.string().nullable(),
  expires_at: z.iso.datetime().nullable(),
})
export type AuthorizationStart = z.infer<typeof AuthorizationStart>

/** One request of a diagnosis and its answer, with every secret masked. */
export const DoctorExchange = z.object({
  method: z.string(),
  url: z.string(),
  /** Parameters or headers that matter, a line each. */
  request: z.array(z.string()),
  /** Null: no answer came. */
  status: z.int().nullable(),
  /** Its beginning, or why there is none. */
  response: z.string(),
  duration_ms: z.number(),
})
export type DoctorExchange = z.infer<typeof DoctorExchange>

export const DoctorStep = z.object({
  step: z.enum(['resource', 'authorization_server', 'registration', 'authorization', 'token', 'call']),
  state: z.enum(['running', 'ok', 'warning', 'failed', 'skipped']),
  /** What was found. */
  message: z.string(),
  /** What to do about it, in plain words. */
  fix: z.string().nullable(),
  exchanges: z.array(DoctorExchange),
  duration_ms: z.number(),
})
export type DoctorStep = z.infer<typeof DoctorStep>

/** Everything that a diagnosis found. `text` is the same, to be copied into a message. */
export const DoctorReport = z.object({
  ok: z.boolean(),
  /** One sentence for a person. */
  message: z.string(),
  steps: z.array(DoctorStep),
  text: z.string(),
})
export type DoctorReport = z.infer<typeof DoctorReport>
