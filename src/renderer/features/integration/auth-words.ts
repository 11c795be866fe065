import type { Integration } from '../../../shared/contract/integrations.ts'

/** How requests sign in: `Bearer token`, `API key in the query parameter key`. */
export function authWords({ auth_type, auth_header_prefix, auth }: Integration): string {
  switch (auth_type) {
    case 'none':
      return 'None'
    case 'oauth2':
      return auth.oauth?.grant_type === 'client_credentials' ? 'OAuth 2, by client credentials' : 'OAuth 2'
    case 'basic':
      return 'User name and password (Basic)'
    case 'bearer':
      return `Token in ${auth.header_name ?? 'Authorization'}${auth_header_prefix ? `, after ${auth_header_prefix}` : ''}`
    case 'api_key':
      return `API key in the ${places[auth.in ?? 'header']} ${auth.header_name ?? 'X-API-Key'}`
  }
}

const places = { header: 'header', query: 'query parameter', cookie: 'cookie' } as const
