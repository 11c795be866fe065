import { cutSlug } from '../../shared/slug.ts'

/** `GitHub (work)` → `github-work`; empty where a name has no letter or digit of ours. */
export function slugOf(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? []
  return cutSlug(words.join('-'))
}
