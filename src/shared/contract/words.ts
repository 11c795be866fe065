/**
 * Words and limits of the contract without its schemas, which take 1.5 KiB each: what a gateway at rest needs of it.
 */

/** Comes with the installation, stays, and is where everything starts that names no workspace. */
export const DEFAULT_WORKSPACE = 'default'

/** Slugs that mean something else in a URL or in the gateway (contract.md). System names are reserved as well. */
export const RESERVED_SLUGS = ['gatehouse', 'new', 'import'] as const

export const DISCOVERY_MODES = ['full', 'lazy'] as const

/** From the worst on. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const

export const DELIVERY_STATES = [
  'waiting',
  'pending',
  'sending',
  'retrying',
  'delivered',
  'failed',
  'withdrawn',
] as const

/** How many tools an event names; the rest are counted. */
export const CHANGED_TOOLS_NAMED = 100

export const MAX_REST_TOOLS = 20_000
/** Of a document, or of all files dropped together. */
export const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024
