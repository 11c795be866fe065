/** The longest name of an integration (contract `Slug`). */
export const MAX_SLUG_LENGTH = 40

/** Cut to the length, without a hyphen at the end. */
export function cutSlug(slug: string, length: number = MAX_SLUG_LENGTH): string {
  return slug.slice(0, length).replace(/-+$/, '')
}

/** The slug itself, or the first of `slug-2`, `slug-3` … that is not taken. */
export function freeSlug(slug: string, isTaken: (slug: string) => boolean): string {
  for (let number = 1; ; number++) {
    const ending = number === 1 ? '' : `-${number}`
    const candidate = cutSlug(slug, MAX_SLUG_LENGTH - ending.length) + ending
    if (!isTaken(candidate)) return candidate
  }
}
