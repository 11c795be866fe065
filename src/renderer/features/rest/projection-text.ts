import type { RestTool } from '../../../shared/contract/rest.ts'

/** One JSONPath, or several with a name each, one a line. */
export function projectionText(projection: RestTool['projection']): string {
  if (projection === undefined || typeof projection === 'string') return projection ?? ''
  return Object.entries(projection)
    .map(([name, path]) => `${name}: ${path}`)
    .join('\n')
}

export function projectionOfText(text: string): { value: RestTool['projection'] } | { problem: string } {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
  const [first = ''] = lines
  if (lines.length === 0) return { value: undefined }
  if (lines.length === 1 && first.startsWith('$')) return { value: first }
  const pairs: [string, string][] = []
  for (const line of lines) {
    const [, name = '', path = ''] = /^([^:$]+?)\s*:\s*(\$.*)$/.exec(line) ?? []
    if (name === '')
      return { problem: `"${line}" is neither a JSONPath ($.items) nor a name with one (total: $.total).` }
    if (pairs.some(([other]) => other === name)) return { problem: `${name} is listed twice.` }
    pairs.push([name, path])
  }
  return { value: Object.fromEntries(pairs) }
}
