import type { Link } from '../../../shared/contract/incidents.ts'
import type { Notice } from '../channel-adapter.ts'
import { oneLine } from './text.ts'

const MAX_LINKS = 10
const MAX_TITLE = 100

/** Where to read on: the console first, then what the incident links to. Only http(s), whatever a source wrote. */
export function links({ url, incidents, more, event }: Notice): Link[] {
  const console = url === null ? [] : [{ url, title: 'Open in Gatehouse' }]
  // Of many incidents each has its own in the console.
  const own = incidents.length + more > 1 ? [] : (incidents[0] ?? event).links
  return [...console, ...own.slice(0, MAX_LINKS)].flatMap((link) => {
    const href = webAddress(link.url)
    return href === undefined ? [] : [{ url: href, title: oneLine(link.title, MAX_TITLE) || oneLine(href, MAX_TITLE) }]
  })
}

/** As a URL in its own notation, without characters that end it where it is written down. */
function webAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined
  return url.href.replace(/[<>"'|\\^`{}()\s]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}
