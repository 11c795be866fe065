const MAX_LENGTH = 40

/** `GitHub (work)` → `github-work`; empty where a name has no letter or digit of ours. */
export function slugOf(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? []
  return cut(words.join('-'), MAX_LENGTH)
}

/** The slug itself, or the first of `slug-2`, `slug-3` … that is not taken. */
export function freeSlug(slug: string, isTaken: (slug: string) => boolean): string {
  for (let number = 1; ; number++) {
    const ending = number === 1 ? '' : `-${number}`
    const candidate = cut(slug, MAX_LENGTH - ending.length) + ending
    if (!isTaken(candidate)) return candidate
  }
}

function cut(slug: string, length: number): string {
  return slug.slice(0, length).replace(/-+$/, '')
}
