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
export function countOf(offer: Pick<Offer, ListKind>, kind: ListKind): string {
  const { length } = kind === 'tools' ? offer.tools.tools : offer[kind].items
  return length === 1 ? `1 ${LIST_NAMES[kind].slice(0, -1)}` : `${length} ${LIST_NAMES[kind]}`
}
