import type { ToolFlag } from '../../shared/contract/tools.ts'
import type { ToolList, UpstreamTool } from '../upstream/tool-list.ts'
import type { NamedTools } from './named-tools.ts'

/** Tools of one integration. */
export interface OwnTools {
  slug: string
  tools: ToolList
}

/** Texts are read so far for names; what stands further back is rarely read by anybody. */
const READ_CHARACTERS = 64 * 1024
/** Other tools that one finding names. */
const MOST_NAMED = 3
/** Words as a name or a part of one. */
const TOKEN = /[A-Za-z0-9][A-Za-z0-9_-]*/g
/** How clients write the tools of a server, for example Claude Code: `mcp__github__list_issues`. */
const CLIENT_PREFIX = /^mcp__/
/** What no plain English word has: an underscore, a hyphen or digit within it, or a capital after a small letter. */
const IDENTIFIER = /_|[a-z0-9][A-Z]|[A-Za-z]-[A-Za-z]+-|[A-Za-z]\d/
const SHORTEST_IDENTIFIER = 5

/**
 * Which tools of other integrations a description speaks of.
 *
 * Threat: one server's description that tells the model how to use the tools of another ("before you call
 * github__create_issue, call me"), known as shadowing.
 *
 * A gateway name says for sure which tool is meant. A tool's own name does together with the integration's name in the
 * same text, and only where it is not a word of plain English and no tool of the same integration has it as well:
 * "search GitHub" names nothing, "list_issues of github" does.
 */
export class ToolMentions {
  /** Gateway names to the integration. */
  readonly #byGatewayName = new Map<string, string>()
  /** Own names that cannot be mistaken for words, to the integrations that have such a tool. */
  readonly #byOwnName = new Map<string, string[]>()

  constructor(lists: readonly OwnTools[], names: NamedTools) {
    for (const { slug, tools } of lists) {
      for (const { tool, gatewayName } of names.of(slug, tools)) {
        this.#byGatewayName.set(gatewayName, slug)
        if (!isIdentifier(tool.name)) continue
        const slugs = this.#byOwnName.get(tool.name)
        if (slugs === undefined) this.#byOwnName.set(tool.name, [slug])
        else slugs.push(slug)
      }
    }
  }

  of(slug: string, { definition }: UpstreamTool): ToolFlag[] {
    const named = this.#namedIn(slug, wordsOf(definition).slice(0, READ_CHARACTERS))
    if (named.length === 0) return []
    const few = named.slice(0, MOST_NAMED).join(', ')
    const list = named.length > MOST_NAMED ? `${few} and ${named.length - MOST_NAMED} more` : few
    const message = `The description speaks of tools of another integration: ${list}. It may tell agents how to use them.`
    return [{ kind: 'names_other_tool', message }]
  }

  #namedIn(slug: string, text: string): string[] {
    const tokens = new Set(text.match(TOKEN))
    const lower = new Set<string>()
    for (const token of tokens) lower.add(token.toLowerCase())
    const named = new Set<string>()
    for (const token of tokens) {
      const gatewayName = token.replace(CLIENT_PREFIX, '')
      const owner = this.#byGatewayName.get(gatewayName)
      if (owner !== undefined && owner !== slug) named.add(gatewayName)
      const owners = this.#byOwnName.get(token)
      if (owners === undefined || owners.includes(slug)) continue
      for (const other of owners) if (lower.has(other)) named.add(`${token} of ${other}`)
    }
    return [...named]
  }
}

/** Title and description of a tool, and the descriptions in its schemas, where a model reads as well. */
function wordsOf({ title, description, inputSchema, outputSchema }: UpstreamTool['definition']): string {
  const words = [title, description].filter((text) => typeof text === 'string')
  let level: unknown[] = [inputSchema, outputSchema]
  while (level.length > 0) {
    const next: unknown[] = []
    for (const item of level) {
      if (typeof item !== 'object' || item === null) continue
      for (const [key, member] of Object.entries(item)) {
        if (key === 'description' && typeof member === 'string') words.push(member)
        else if (typeof member === 'object') next.push(member)
      }
    }
    level = next
  }
  return words.join('\n')
}

function isIdentifier(name: string): boolean {
  return name.length >= SHORTEST_IDENTIFIER && IDENTIFIER.test(name)
}
