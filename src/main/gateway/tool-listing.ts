import { isObject } from '../base/is-object.ts'
import type { Profile } from '../../shared/contract/profiles.ts'
import type { Tool, ToolChange, ToolState, ToolSummary } from '../../shared/contract/tools.ts'
import { compileToolFilter } from '../../shared/tool-filter.ts'
import type { FilteredTools } from '../integrations/served-integration.ts'
import { readableDefinition } from '../pins/readable-definition.ts'
import type { ToolReview } from '../pins/tool-pins.ts'
import type { UpstreamTool } from '../upstream/tool-list.ts'
import type { NamedTool, NamedTools } from './named-tools.ts'
import { compileProfile } from './profile-filter.ts'
import { ToolFlags, type FlagsOf } from './tool-flags.ts'

/** An integration's tools, and whether agents get any of them at all. */
export interface ListedTools extends FilteredTools {
  isServed: boolean
}

interface ListingFilter {
  /** Words that must all stand in name, title or description. */
  query?: string | undefined
  integration?: string | undefined
  /** Of the agent whose view it is. */
  profile: Profile | null
  /** With the tools that are not in that view, each with the reason. */
  hidden?: boolean | undefined
}

/** What stands about a tool in a long list, and the text in which words are looked for. */
interface Described {
  summary: ToolSummary
  text: string
}

/** A fair guess for JSON: an agent's model reads about so many bytes as one token. */
const BYTES_PER_TOKEN = 4

/** Tools for the console and the command line: what agents see, and why they do not see the rest. */
export class ToolListing {
  readonly #names: NamedTools
  readonly #flags: ToolFlags
  /** A list of thousands is asked for at each key that a person types. */
  readonly #described = new WeakMap<NamedTool, Described>()

  constructor(names: NamedTools) {
    this.#names = names
    this.#flags = new ToolFlags(names)
  }

  list(integrations: readonly ListedTools[], filter: ListingFilter): ToolSummary[] {
    const words = (filter.query ?? '').toLowerCase().split(/\s+/)
    const found: ToolSummary[] = []
    const flagsOf = this.#flags.for(integrations)
    for (const listed of integrations) {
      if (filter.integration !== undefined && filter.integration !== listed.slug) continue
      const stateOf = stateIn(listed, filter.profile)
      for (const named of this.#names.of(listed.slug, listed.tools)) {
        const state = stateOf(named)
        if (state !== 'allowed' && filter.hidden !== true) continue
        const { summary, text } = this.#describe(listed.slug, named)
        if (!words.every((word) => text.includes(word))) continue
        const flags = flagsOf(listed.slug, named)
        found.push(state === summary.state && flags.length === 0 ? summary : { ...summary, state, flags })
      }
    }
    return found
  }

  /** One tool by its gateway name, hidden or not. */
  find(integrations: readonly ListedTools[], gatewayName: string): Tool | undefined {
    for (const listed of integrations) {
      const named = this.#names.of(listed.slug, listed.tools).find((each) => each.gatewayName === gatewayName)
      if (named === undefined) continue
      return this.#whole(listed, named, stateIn(listed, null)(named), this.#flags.for(integrations))
    }
    return undefined
  }

  /** Every tool of one integration with what its filter says of it; it need not be among those that are served. */
  of(integration: FilteredTools, served: readonly ListedTools[]): Tool[] {
    const { slug, tools } = integration
    const stateOf = stateIn({ ...integration, isServed: true }, null)
    const flagsOf = this.#flags.for(served)
    return this.#names.of(slug, tools).map((named) => this.#whole(integration, named, stateOf(named), flagsOf))
  }

  #whole({ slug, review }: FilteredTools, named: NamedTool, state: ToolState, flagsOf: FlagsOf): Tool {
    const { definition } = named.tool
    const { inputSchema, outputSchema } = definition
    return {
      ...this.#describe(slug, named).summary,
      input_schema: inputSchema,
      ...(outputSchema !== undefined && { output_schema: outputSchema }),
      state,
      change: toldChange(named.tool, review),
      flags: flagsOf(slug, named),
    }
  }

  #describe(slug: string, named: NamedTool): Described {
    let described = this.#described.get(named)
    if (described === undefined) this.#described.set(named, (described = describeTool(slug, named)))
    return described
  }
}

/** The nearest reason counts: what is not served is hidden whatever its filter says, and a filter holds for every agent. */
function stateIn(listed: ListedTools, profile: Profile | null): (named: NamedTool) => ToolState {
  if (!listed.isServed) return () => 'integration_disabled'
  const filter = compileToolFilter(listed.enabledTools, listed.disabledTools)
  const shown = compileProfile(profile)
  const isShown = shown.shows(listed.slug)
  return ({ tool, gatewayName }) => {
    const state = filter.stateOf(tool.name)
    if (state !== 'allowed') return state
    if (listed.review.held.has(tool.name)) return 'held'
    return isShown && shown.allows(gatewayName) ? 'allowed' : 'not_in_profile'
  }
}

function toldChange({ name, text }: UpstreamTool, { unapproved: all, held }: ToolReview): ToolChange | null {
  const unapproved = all.get(name)
  if (unapproved === undefined) return null
  const { kind, sha256, before } = unapproved
  return {
    kind,
    held: held.has(name),
    sha256,
    before: before === null ? null : readableDefinition(before),
    after: readableDefinition(text),
  }
}

function describeTool(slug: string, { tool, gatewayName, text: definition }: NamedTool): Described {
  const { title, description, annotations } = tool.definition
  const hints = isObject(annotations) ? annotations : {}
  const heading = [title, hints.title].find((text) => typeof text === 'string') ?? null
  const words = typeof description === 'string' ? description : ''
  return {
    summary: {
      name: tool.name,
      gateway_name: gatewayName,
      integration: slug,
      title: heading,
      description: words,
      tokens: Math.ceil(definition.length / BYTES_PER_TOKEN),
      annotations: hints,
      state: 'allowed',
      flags: [],
    },
    text: `${gatewayName} ${tool.name} ${heading ?? ''} ${words}`.toLowerCase(),
  }
}
