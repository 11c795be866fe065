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

/** The same of one of the lists of an offer. */
export function countOf(offer: Offer, kind: ListKind): string {
  const { length } = kind === 'tools' ? offer.tools.tools : offer[kind].items
  return counted(length, kind)
}
