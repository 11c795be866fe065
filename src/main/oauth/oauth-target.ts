import type { OAuthSettings } from '../../shared/contract/oauth.ts'

/** The secrets that an admin gave. */
export interface OAuthCredentials {
  clientId?: string | undefined
  clientSecret?: string | undefined
  /** PKCS#8 in PEM form, of `private_key_jwt`. */
  privateKey?: string | undefined
}

/** What tokens of one integration are for, and how they are got: as its settings are now. */
export interface OAuthTarget {
  protocol: 'mcp' | 'rest'
  /** Of the MCP server, or the base URL of the API. */
  url: URL
  settings: OAuthSettings
  credentials: OAuthCredentials
}
