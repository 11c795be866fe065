/** As people sort: numbers by their value, `page-2` before `page-10`. */
export function naturalOrder(one: string, other: string): number {
  return one.localeCompare(other, 'en', { numeric: true })
}

/** For lists of things that have a name. */
export function nameOrder(one: { name: string }, other: { name: string }): number {
  return naturalOrder(one.name, other.name)
}
