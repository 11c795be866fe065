import type MiniSearch from 'minisearch'
import type { SearchResult } from 'minisearch'
import type { Route } from './view.ts'

/** Descriptions can be pages long; what a tool does stands at their beginning. */
const INDEXED_DESCRIPTION_LENGTH = 1000
/** Tools indexed before other work gets its turn. */
const CHUNK = 100
const LONGEST_TERM = 64
const MOST_TERMS = 16
/** In one word. Each one more multiplies the words that are looked at: six, the library's own limit, took seconds. */
const MOST_TYPOS = 2

const COMMON_WORDS = new Set(
  'a an and are as at be by can do for from get has have how i if in into is it its me my of on or so that the this to tool use want what when which will with you your'.split(
    ' ',
  ),
)

interface Indexed {
  id: number
  name: string
  title: string
  description: string
}

/** Ranked search over the tools of one catalog. The index is made on the first search, a chunk at a time. */
export class ToolSearch {
  readonly #routes: readonly Route[]
  #index: Promise<MiniSearch<Indexed>> | undefined

  constructor(routes: readonly Route[]) {
    this.#routes = routes
  }

  /** The best matches first, of the routes in scope; equal ones in the order of the list. */
  async find(query: string, limit: number, inScope: (route: Route) => boolean): Promise<Route[]> {
    this.#index ??= this.#build()
    const index = await this.#index
    const terms = [...new Set(termsOf(query))].slice(0, MOST_TERMS).join(' ')
    const found = ({ id }: SearchResult) => this.#routes[id as number]
    const options = {
      ...RANKING,
      filter: (result: SearchResult) => {
        const route = found(result)
        return route !== undefined && inScope(route)
      },
    }
    let results = index.search(terms, options)
    if (results.length === 0) results = index.search(terms, { ...options, fuzzy: 0.25, maxFuzzy: MOST_TYPOS })
    const ranked = [this.#byName(query, inScope), ...results.map(found)]
    return [...new Set(ranked)].filter((route) => route !== undefined).slice(0, limit)
  }

  #byName(query: string, inScope: (route: Route) => boolean): Route | undefined {
    const name = query.trim()
    return this.#routes.find((route) => (route.gatewayName === name || route.tool.name === name) && inScope(route))
  }

  async #build(): Promise<MiniSearch<Indexed>> {
    // Loaded when it is needed: many gateways never search.
    const { default: Index } = await import('minisearch')
    const index = new Index<Indexed>({
      fields: ['name', 'title', 'description'],
      tokenize: termsOf,
      processTerm: (term) => term,
    })
    await index.addAllAsync(this.#routes.map(toIndexed), { chunkSize: CHUNK })
    return index
  }
}

const RANKING = {
  boost: { name: 4, title: 2 },
  prefix: (term: string) => term.length > 2,
  tokenize: (text: string) => text.split(' '),
}

function toIndexed(route: Route, id: number): Indexed {
  const { title, description } = route.tool.definition
  return {
    id,
    name: `${route.integration.slug} ${route.tool.name}`,
    title: typeof title === 'string' ? title : '',
    description: typeof description === 'string' ? description.slice(0, INDEXED_DESCRIPTION_LENGTH) : '',
  }
}

/** Words of a text or an identifier: `listOpenIssues`, `list_open_issues` and `list open issues` give the same three. */
function termsOf(text: string): string[] {
  const words = text
    .replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
  return words.filter((word) => word !== '' && word.length <= LONGEST_TERM && !COMMON_WORDS.has(word))
}
