import type { Offer } from './offer.ts'
import type { ListKind } from './upstream.ts'

/** For a person. */
export const LIST_NAMES: Readonly<Record<ListKind, string>> = {
  tools: 'tools',
  prompts: 'prompts',
  resources: 'resources',
  templates: 'resource templates',
}

/** `1 tool`, `2 resource templates`. */
export function counted(count: number, kind: ListKind): string {
  return count === 1 ? `1 ${LIST_NAMES[kind].slice(0, -1)}` : `${count} ${LIST_NAMES[kind]}`
}

/** What became of one of the lists of a server: found for the first time, or changed. */
export function listWords(kind: ListKind, before: Offer, now: Offer): string {
  const count = counted(lengthOf(now, kind), kind)
  return lengthOf(before, kind) === 0 ? `Found ${count}.` : `The list of ${LIST_NAMES[kind]} changed: ${count}.`
}

function lengthOf(offer: Offer, kind: ListKind): number {
  return kind === 'tools' ? offer.tools.tools.length : offer[kind].items.length
}
