import { parseItemList } from './item-list.ts'
import type { Offer } from './offer.ts'
import { parseToolList } from './tool-list.ts'
import type { ListKind } from './upstream.ts'

/** An offer as texts: JSON, but for the instructions. */
export interface OfferTexts extends Record<ListKind, string> {
  capabilities: string
  instructions: string | null
}

export function parseOffer(texts: OfferTexts): Offer {
  return {
    capabilities: JSON.parse(texts.capabilities) as Offer['capabilities'],
    instructions: texts.instructions,
    tools: parseToolList(texts.tools),
    prompts: parseItemList('prompts', texts.prompts),
    resources: parseItemList('resources', texts.resources),
    templates: parseItemList('templates', texts.templates),
  }
}

/** What is small, and of the lists those that are named. */
export function textsOf(offer: Offer, kinds: readonly ListKind[]): Partial<OfferTexts> {
  return {
    capabilities: JSON.stringify(offer.capabilities),
    instructions: offer.instructions,
    ...Object.fromEntries(kinds.map((kind) => [kind, offer[kind].text])),
  }
}
