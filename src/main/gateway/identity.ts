import type { DiscoveryMode } from '../../shared/contract/agents.ts'
import { CALL_TOOL } from './call-tool.ts'
import type { Catalog } from './catalog.ts'
import { DISCOVER_TOOLS } from './discover.ts'

const MOST_NAMED = 40

/** JSON text of the gateway's `serverInfo`. */
export function serverInfoText(version: string): string {
  return JSON.stringify({ name: 'gatehouse', title: 'Gatehouse', version })
}

/** What the gateway can do; the list can always change, since an admin can change it. */
export const CAPABILITIES = { tools: { listChanged: true } } as const

/** What a model should know before it sees the tools. Short: it is part of every conversation. */
export function instructionsFor(catalog: Catalog, slug: string | undefined, mode: DiscoveryMode): string {
  if (slug !== undefined) {
    const integration = catalog.integration(slug)
    const about = integration?.description.trim() ?? ''
    const title = integration?.displayName.trim() ?? ''
    return `Tools of the integration "${title === '' ? slug : title}"${about === '' ? '.' : `: ${about}`}`
  }
  const slugs = catalog.integrations.map((integration) => integration.slug)
  const more = slugs.length > MOST_NAMED ? ` and ${slugs.length - MOST_NAMED} more` : ''
  const connected = slugs.length === 0 ? 'none yet' : `${slugs.slice(0, MOST_NAMED).join(', ')}${more}`
  if (mode === 'lazy') {
    return (
      `Gatehouse serves the tools of several integrations; they are not in the list of tools. First find them: ` +
      `${DISCOVER_TOOLS} with "query" searches by what you want to do, with "detail": "schema" it shows the arguments, and ` +
      `without a query it gives an overview. Then call one: ${CALL_TOOL} with its "name" and "arguments". ` +
      `Integrations: ${connected}.`
    )
  }
  return (
    `Gatehouse serves the tools of several integrations; each is named <integration>__<tool>. ` +
    `Call ${DISCOVER_TOOLS} to search them by what you want to do. Integrations: ${connected}.`
  )
}
