import type { PreviewAuth } from '../../../shared/contract/openapi.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { Select } from '../../ui/select.tsx'
import { oauthOfSettings } from '../oauth/oauth-values.ts'
import type { RestValues } from '../rest/rest-values.ts'

/** The fields of the form as a security scheme of the document would have them. */
export function authValues({ auth_type, auth_header_prefix, auth }: PreviewAuth): Partial<RestValues> {
  return {
    auth_type,
    auth_header_prefix,
    header_name: auth.header_name ?? '',
    key_place: auth.in ?? 'header',
    oauth: oauthOfSettings(auth.oauth),
  }
}

/** `bearerAuth: Bearer`, `api_key: API key in the header X-Token`. */
export function authWords({ auth_type, auth }: Pick<PreviewAuth, 'auth_type' | 'auth'>): string {
  switch (auth_type) {
    case 'none':
      return 'no authentication'
    case 'oauth2':
      return auth.oauth?.grant_type === 'client_credentials' ? 'OAuth 2, by client credentials' : 'OAuth 2'
    case 'basic':
      return 'user name and password (Basic)'
    case 'bearer':
      return auth.header_name && auth.header_name.toLowerCase() !== 'authorization'
        ? `token in the header ${auth.header_name}`
        : 'bearer token'
    case 'api_key':
      return `API key in the ${auth.in ?? 'header'} ${auth.header_name ?? 'X-API-Key'}`
  }
}

/** The security schemes of the document, where there is more than one. The fields below follow, and can be edited. */
export function AuthChoice({
  options,
  chosen,
  onChoose,
}: {
  options: readonly PreviewAuth[]
  /** The name of the scheme. */
  chosen: string
  onChoose: (option: PreviewAuth) => void
}) {
  if (options.length < 2) {
    const [only] = options
    return only?.description ? (
      <p className="max-h-32 overflow-y-auto text-muted">
        <ForeignText>{only.description}</ForeignText>
      </p>
    ) : null
  }
  const current = options.find(({ name }) => name === chosen)
  return (
    <div className="flex flex-col gap-1">
      <p className="font-medium">Security schemes of the document</p>
      <Select
        label="Security scheme"
        value={chosen}
        className="w-full"
        onChange={(name) => {
          const option = options.find((one) => one.name === name)
          if (option) onChoose(option)
        }}
        options={options.map((option) => ({ value: option.name, label: `${option.name}: ${authWords(option)}` }))}
      />
      {current?.description && (
        <p className="max-h-32 overflow-y-auto text-meta text-muted">
          <ForeignText>{current.description}</ForeignText>
        </p>
      )}
    </div>
  )
}
