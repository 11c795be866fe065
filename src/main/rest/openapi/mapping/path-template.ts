import type { RestParameter } from '../../../../shared/contract/rest.ts'

const PLACEHOLDER = /\{([^{}]*)\}/g
const MAX_PATH = 2048

interface ToolPath {
  /** As requests use it: without a fragment, with what a URL can't have percent-encoded. */
  path: string
  /** Names of its parameters, each once. */
  names: string[]
}

/**
 * The path of a tool from a key of `paths`. Documents put `#fragment` behind it to have one path twice, and a fixed query;
 * templates may be written as RFC 6570 or a router has them (`{+path}`, `{id:[0-9]+}`).
 */
export function toolPath(key: string, declared: readonly Pick<RestParameter, 'name' | 'in'>[]): ToolPath | null {
  let path = key.trim().replace(/#.*$/s, '')
  if (/^https?:\/\/[^/]+/i.test(path)) path = path.replace(/^https?:\/\/[^/]+/i, '')
  if (!path.startsWith('/')) path = `/${path}`
  const inPath = declared.filter((parameter) => parameter.in === 'path').map(({ name }) => name)
  const inQuery = new Set(declared.filter((parameter) => parameter.in === 'query').map(({ name }) => name))
  path = path.replace(PLACEHOLDER, (whole, name: string) => {
    if (inPath.includes(name)) return whole
    const bare = name
      .replace(/^[+./;?&]/, '')
      .replace(/:.*$/s, '')
      .replace(/[*+?]$/, '')
      .trim()
    const like = inPath.find((one) => one === bare) ?? inPath.find((one) => one.toLowerCase() === bare.toLowerCase())
    return `{${like ?? (bare === '' ? 'param' : bare)}}`
  })
  const [before = '', ...behind] = path.split('?')
  if (behind.length > 0) {
    // A parameter that is declared as one of the query is not written into the fixed query as well.
    const fixed = behind
      .join('?')
      .split('&')
      .filter((pair) => pair !== '' && !inQuery.has(decoded(pair.split('=')[0] ?? '')))
    path = fixed.length === 0 ? before : `${before}?${fixed.join('&')}`
  }
  const names = [...new Set(Array.from(path.matchAll(PLACEHOLDER), ([, name = '']) => name))]
  path = path
    .split(/(\{[^{}]*\})/)
    .map((part, index) =>
      index % 2 === 1 ? part : part.replace(/[\s\\{}]/g, (character) => encodeURIComponent(character)),
    )
    .join('')
  // A placeholder keeps its name; a path has no spaces even there.
  return path.length > MAX_PATH || names.some((name) => /[\s\\#]/.test(name)) ? null : { path, names }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
