import type { RestTool } from '../../../shared/contract/rest.ts'

/** Where a tool sends its request, with the names of what goes into path and query: `…/invoices/{id}?limit&page`. */
export function requestLine(tool: Pick<RestTool, 'path' | 'base_url' | 'parameters'>, baseUrl: string): string {
  const [path = '', fixed] = tool.path.split('?', 2)
  const names = tool.parameters
    .filter((parameter) => parameter.in === 'query' && parameter.constant === undefined)
    .map(({ name, required }) => (required ? name : `[${name}]`))
  const query = [...(fixed === undefined ? [] : [fixed]), ...names].join('&')
  return `${(tool.base_url ?? baseUrl).replace(/\/+$/, '')}${path}${query === '' ? '' : `?${query}`}`
}
