import type { Upstream } from '../upstream/upstream.ts'

/** An active integration as the gateway serves it. */
export interface ServedIntegration {
  slug: string
  displayName: string
  description: string
  enabledTools: string[]
  disabledTools: string[]
  upstream: Upstream
}

/** Implemented by the gateway: what it lists is built anew when an integration, its filter or its tools change. */
export interface CatalogInvalidator {
  invalidate(workspace: string): void
}
