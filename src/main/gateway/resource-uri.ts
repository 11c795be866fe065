const SCHEME = 'gatehouse-resource://'

/** The URI of a resource that two integrations have under the same one. */
export function gatewayUri(slug: string, uri: string): string {
  return `${SCHEME}${slug}/${encodeURIComponent(uri)}`
}

/**
 * The same for a URI template, which stays as it is behind the slug: what an agent puts into its expressions is escaped as it
 * expands, and whatever were done to the text around them could not be told from that any more.
 */
export function gatewayTemplate(slug: string, template: string): string {
  return `${SCHEME}${slug}/${template}`
}

export function isGatewayUri(uri: string): boolean {
  return uri.startsWith(SCHEME)
}

/**
 * What a URI of the two functions above stands for; undefined when it is not one of ours. An escaped URI has no colon left,
 * an expanded template has the one behind its scheme.
 */
export function readGatewayUri(uri: string): { slug: string; uri: string } | undefined {
  if (!isGatewayUri(uri)) return undefined
  const slash = uri.indexOf('/', SCHEME.length)
  if (slash === -1) return undefined
  const rest = uri.slice(slash + 1)
  const inner = rest.includes(':') ? rest : decode(rest)
  return inner === undefined || inner === '' ? undefined : { slug: uri.slice(SCHEME.length, slash), uri: inner }
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
