import type { Integration, RestConnectionDraft } from '../../../shared/contract/integrations.ts'

/** The stored connection; its secrets are left out, so the core takes the stored ones. */
export function storedConnection(integration: Integration): RestConnectionDraft | undefined {
  const { name, rest, auth_type, auth_header_prefix, auth } = integration
  if (!rest) return undefined
  const { tools: _tools, source: _source, ...settings } = rest
  return { name, protocol: 'rest', rest: settings, auth_type, auth_header_prefix, auth }
}
