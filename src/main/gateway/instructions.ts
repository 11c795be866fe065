import type { ServedIntegration } from '../integrations/served-integration.ts'
import { CALL_TOOL } from './call-tool.ts'
import { DISCOVER_TOOLS } from './discover.ts'
import type { Endpoint } from './endpoints.ts'

const MOST_NAMED = 40
/** Of one integration on `/mcp`, in UTF-8: they are part of every conversation. */
const MOST_BYTES = 2_048
const ELLIPSIS = '…'

/**
 * What a model is told before it sees the tools. On `/mcp/<slug>` what the server says, untouched; on `/mcp` the gateway's own
 * words, and where `isMerged` what each server says under a heading of its own. Those texts are a way into every agent's
 * context, which is why they can be left out.
 */
export function instructionsOf({ catalog, slug, mode }: Endpoint, isMerged: boolean): string | undefined {
  if (slug !== undefined) return catalog.integration(slug)?.upstream.offer.instructions ?? undefined
  const own = mode === 'lazy' ? lazyWords(catalog.integrations) : fullWords(catalog.integrations)
  return [own, ...(isMerged ? catalog.integrations.flatMap(section) : [])].join('\n\n')
}

function section({ slug, displayName, upstream }: ServedIntegration): string[] {
  const text = upstream.offer.instructions?.trim() ?? ''
  if (text === '') return []
  const title = displayName.trim().replace(/\s+/g, ' ')
  return [`## ${title === '' || title === slug ? slug : `${title} (${slug})`}\n${cut(text)}`]
}

function cut(text: string): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= MOST_BYTES) return text
  let end = MOST_BYTES - Buffer.byteLength(ELLIPSIS)
  // Back to the first byte of a character.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return `${bytes.toString('utf8', 0, end)}${ELLIPSIS}`
}

function fullWords(integrations: readonly ServedIntegration[]): string {
  return (
    `Gatehouse serves the tools of several integrations; each is named <integration>__<tool>. ` +
    `Call ${DISCOVER_TOOLS} to search them by what you want to do. Integrations: ${named(integrations)}.`
  )
}

function lazyWords(integrations: readonly ServedIntegration[]): string {
  return (
    `Gatehouse serves the tools of several integrations; they are not in the list of tools. First find them: ` +
    `${DISCOVER_TOOLS} with "query" searches by what you want to do, with "detail": "schema" it shows the arguments, and ` +
    `without a query it gives an overview. Then call one: ${CALL_TOOL} with its "name" and "arguments". ` +
    `Integrations: ${named(integrations)}.`
  )
}

function named(integrations: readonly ServedIntegration[]): string {
  const slugs = integrations.map(({ slug }) => slug)
  const more = slugs.length > MOST_NAMED ? ` and ${slugs.length - MOST_NAMED} more` : ''
  return slugs.length === 0 ? 'none yet' : `${slugs.slice(0, MOST_NAMED).join(', ')}${more}`
}
