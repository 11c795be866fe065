import { RESERVED_SLUGS } from '../../../shared/contract/integrations.ts'

/** Names that no custom integration can have: words of our own URLs, and the system integrations. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  ...RESERVED_SLUGS,
  'slack',
  'pagerduty',
  'prometheus',
  'webhooks',
])
