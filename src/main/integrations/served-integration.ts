import type { ToolReview } from '../pins/tool-pins.ts'
import type { ToolList } from '../upstream/tool-list.ts'
import type { Upstream } from '../upstream/upstream.ts'

/** An active integration as the gateway serves it. */
export interface ServedIntegration {
  slug: string
  displayName: string
  description: string
  enabledTools: string[]
  disabledTools: string[]
  /** Of its last known tools. */
  review: ToolReview
  upstream: Upstream
}

/** An integration's tools and its filter, whether it is served or not: enough to say what the filter does to each. */
export interface FilteredTools {
  slug: string
  enabledTools: readonly string[]
  disabledTools: readonly string[]
  /** The last known list. */
  tools: ToolList
  review: ToolReview
}

/** Implemented by the gateway: what it lists is built anew when an integration, its filter or its tools change. */
export interface CatalogInvalidator {
  invalidate(workspace: string): void
}
