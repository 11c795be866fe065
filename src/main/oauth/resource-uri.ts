/** The canonical URI of a server (MCP authorization, resource parameter): without a fragment or a slash at its end. */
export function resourceUriOf(url: URL): string {
  const path = pathOf(url)
  return `${url.origin}${path}${url.search}`
}

/** Whether metadata of `resource` is also about `url`: it is the same, or a parent of it by origin and path (RFC 9728, 3.3). */
export function coversResource(resource: string, url: URL): boolean {
  if (!URL.canParse(resource) || resource.includes('#')) return false
  const parent = new URL(resource)
  if (parent.origin !== url.origin || parent.username !== '' || parent.password !== '') return false
  if (parent.search !== '') return resourceUriOf(parent) === resourceUriOf(url)
  const path = pathOf(url)
  const parentPath = pathOf(parent)
  return path === parentPath || path.startsWith(`${parentPath}/`)
}

/** Without a slash at its end; empty: the root. */
export function pathOf({ pathname }: URL): string {
  return pathname.replace(/\/+$/, '')
}
