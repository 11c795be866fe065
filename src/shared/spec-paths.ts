/**
 * Paths of files that were dropped together. They are names in a list and nothing else: no file system is ever asked for
 * one. So `..` may lead above the document (`../common/Error.json`).
 */

/** Without `.` and empty segments, and with `..` worked out as far as that goes. */
export function normalisedPath(path: string): string {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment === '..' && segments.length > 0 && segments.at(-1) !== '..') segments.pop()
    else segments.push(segment)
  }
  return segments.join('/')
}

/** Where a reference leads that stands in the file `fromPath`. Undefined: it is a URL or an absolute path. */
export function joinedPath(fromPath: string, reference: string): string | undefined {
  if (/^([a-z][a-z0-9+.-]*:|\/)/i.test(reference)) return undefined
  const [path = ''] = reference.split('?', 1)
  return normalisedPath(`${fromPath.replace(/[^/]*$/, '')}${decoded(path)}`)
}

/** What is encoded wrongly stays as it is. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
