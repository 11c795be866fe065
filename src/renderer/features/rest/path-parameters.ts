import { emptyParameter, type ParameterDraft, type ToolDraft } from './tool-draft.ts'

/** The names in `{…}`, each once. */
export function placeholdersOf(path: string): string[] {
  return [...new Set([...path.matchAll(/\{([^{}]+)\}/g)].map(([, name = '']) => name))]
}

/**
 * The draft with another path: what is in `{…}` has a row, what is no longer there has none. A placeholder whose name is
 * being changed keeps its row, and one that comes back gets the row that it had.
 */
export function withPath(draft: ToolDraft, path: string): ToolDraft {
  const before = placeholdersOf(draft.path)
  const after = placeholdersOf(path)
  const gone = before.filter((name) => !after.includes(name))
  const come = after.filter((name) => !before.includes(name))
  const isRow = (row: ParameterDraft, name: string): boolean => row.in === 'path' && row.name === name
  const [from, to] = [gone[0], come[0]]
  if (from !== undefined && to !== undefined && gone.length + come.length === 2) {
    return {
      ...draft,
      path,
      parameters: draft.parameters.map((row) => (isRow(row, from) ? { ...row, name: to } : row)),
    }
  }
  const leaving = draft.parameters.filter((row) => gone.some((name) => isRow(row, name)))
  const staying = draft.parameters.filter((row) => !leaving.includes(row))
  const parked = [...draft.parked.filter(({ name }) => !leaving.some((row) => row.name === name)), ...leaving]
  const added = come
    .filter((name) => !staying.some((row) => isRow(row, name)))
    .map((name) => parked.find((row) => row.name === name) ?? emptyParameter({ name, in: 'path', required: true }))
  const lastInPath = staying.findLastIndex((row) => row.in === 'path')
  return {
    ...draft,
    path,
    parameters: staying.toSpliced(lastInPath + 1, 0, ...added),
    parked: parked.filter((row) => !added.includes(row)),
  }
}

/** `GET https://api.example.com/v1/invoices` as it may be pasted: the method apart, the address below the base URL. */
export function pastedPath(text: string, baseUrl: string): { method?: string; path: string } {
  const [, method, address = ''] =
    /^(?:(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|QUERY)\s+)?(.*)$/s.exec(text.trim()) ?? []
  const base = baseUrl.trim().replace(/\/+$/, '')
  const path = base !== '' && address.startsWith(base) ? address.slice(base.length) || '/' : address
  return { ...(method === undefined ? {} : { method }), path }
}

/** What a tool would be called after its request: `get_invoices_by_id`. */
export function proposedName(method: string, path: string): string {
  const words = (path.split('?')[0] ?? '')
    .split('/')
    .filter(Boolean)
    .map((segment) => segment.replace(/\{([^{}]+)\}/g, 'by_$1').replace(/[^A-Za-z0-9]+/g, '_'))
  if (words.length === 0) return ''
  return [method.toLowerCase(), ...words].join('_').replace(/_+/g, '_').slice(0, 64).replace(/^_|_$/g, '')
}
