import type { Integration } from '../../../shared/contract/integrations.ts'
import { integrationStatus } from './integration-status.ts'

/** What the catalog is narrowed to; empty strings let everything through. */
export interface CatalogQuery {
  q: string
  category: string
  status: string
}

export interface Catalog {
  system: Integration[]
  custom: Integration[]
  /** How many the query hides. */
  hidden: number
}

/** Sorted as people read: by display name, numbers by value; the slug decides between equals. */
export function sortIntegrations(integrations: readonly Integration[]): Integration[] {
  const order = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })
  return [...integrations].sort(
    (one, other) => order.compare(nameOf(one), nameOf(other)) || order.compare(one.name, other.name),
  )
}

export function filterCatalog(sorted: readonly Integration[], query: CatalogQuery): Catalog {
  const needles = query.q.toLowerCase().split(/\s+/).filter(Boolean)
  const shown = sorted.filter(
    (integration) =>
      (query.category === '' || integration.category === query.category) &&
      (query.status === '' || integrationStatus(integration).word === query.status) &&
      needles.every((needle) => haystack(integration).includes(needle)),
  )
  return {
    system: shown.filter(({ source }) => source === 'system'),
    custom: shown.filter(({ source }) => source === 'custom'),
    hidden: sorted.length - shown.length,
  }
}

/** The values that occur, with how often: an option that would find nothing is not offered. */
export function countBy(
  integrations: readonly Integration[],
  valueOf: (integration: Integration) => string,
): { value: string; count: number }[] {
  const counts = new Map<string, number>()
  for (const integration of integrations) {
    const value = valueOf(integration)
    if (value) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((one, other) => (one.value < other.value ? -1 : 1))
}

/** Whether there is something to look at and to change. A system integration that is not set up can only be set up. */
export function isSetUp({ connection }: Pick<Integration, 'connection'>): boolean {
  return connection.state !== 'needs_setup'
}

/** What a person calls it. */
export function nameOf({ display_name, name }: Pick<Integration, 'display_name' | 'name'>): string {
  return display_name.trim() || name
}

function haystack({ name, display_name, description, category }: Integration): string {
  return `${name}\n${display_name}\n${category}\n${description}`.toLowerCase()
}
