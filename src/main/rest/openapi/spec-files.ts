import type { ImportWarning } from '../../../shared/contract/openapi.ts'
import { readText } from './read-text.ts'

/** Where a relative reference leads, from the file that it stands in. Undefined: it is no relative path. */
export function joinPath(fromPath: string, reference: string): string | undefined {
  if (/^([a-z][a-z0-9+.-]*:|\/)/i.test(reference) || reference.includes('\\')) return undefined
  const [path = ''] = reference.split('?', 1)
  return normalised(`${fromPath.replace(/[^/]*$/, '')}${decodedPath(path)}`)
}

/** Without `.` and empty segments; `..` stays where it leads above the start. */
export function normalised(path: string): string {
  const segments: string[] = []
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue
    if (segment === '..' && segments.length > 0 && segments.at(-1) !== '..') segments.pop()
    else segments.push(segment)
  }
  return segments.join('/')
}

/** Of all files those that the document refers to, directly or not, parsed. */
export function readFiles(_root: unknown, text: string, files: Readonly<Record<string, string>>) {
  const warnings: ImportWarning[] = []
  const parsed = new Map<string, unknown>()
  let own = ''
  for (const [path, content] of Object.entries(files)) {
    if (content === text) own = normalised(path)
    else parsed.set(normalised(path), readText(content).value)
  }
  return { path: own, parsed, warnings }
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
