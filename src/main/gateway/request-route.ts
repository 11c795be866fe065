import type { ServedIntegration } from '../integrations/served-integration.ts'

/** Where a request of an agent goes, and what is called otherwise there. */
export interface RequestRoute {
  integration: ServedIntegration
  /** Members of `params` that the upstream knows by another value: JSON text by key, for example `name` or `uri`. */
  replaced: ReadonlyMap<string, string>
  /** For `Mcp-Name` on a modern HTTP upstream: the own name of the tool or prompt, or the URI of the resource. */
  name: string | undefined
}
