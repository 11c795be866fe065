import type { Profile } from '../../shared/contract/profiles.ts'
import { compileToolFilter } from '../../shared/tool-filter.ts'
import type { ServedIntegration } from '../integrations/served-integration.ts'
import { NamedTools, type NamedTool } from './named-tools.ts'
import type { Text } from './list-bytes.ts'
import { NamedPrompts } from './named-prompts.ts'
import { MergedOffering, OwnOffering, type Offering } from './offering.ts'
import { compileProfile, type ProfileFilter } from './profile-filter.ts'
import { ToolSearch } from './tool-search.ts'
import { View, type Route } from './view.ts'

/** What tools and prompts are called in the gateway. */
export class Names {
  readonly tools = new NamedTools()
  readonly prompts = new NamedPrompts()
}

/**
 * What one workspace serves at one moment, as one profile shows it. Immutable: a change makes a new one. Whatever an agent
 * can find out goes through its catalog, so what the profile hides is not there in any way of asking.
 */
export class Catalog {
  /** Ordered by slug. */
  readonly integrations: readonly ServedIntegration[]
  /** The list of `/mcp`: every allowed tool under its gateway name, and the gateway's own tools. */
  readonly all: View
  readonly #names: Names
  readonly #offering: Offering
  readonly #offeringBySlug = new Map<string, Offering>()
  readonly #ownTools: readonly Buffer[]
  readonly #filter: ProfileFilter
  readonly #bySlug = new Map<string, View>()
  /** As each profile shows it. A changed profile is another object, so nothing here is ever out of date. */
  readonly #byProfile = new WeakMap<Profile, Catalog>()
  #search: ToolSearch | undefined

  constructor(
    served: readonly ServedIntegration[],
    names: Names,
    ownTools: readonly Buffer[],
    shown: { filter: ProfileFilter; search: ToolSearch | undefined } = {
      filter: compileProfile(null),
      search: undefined,
    },
  ) {
    this.#names = names
    this.#ownTools = ownTools
    this.#filter = shown.filter
    this.#search = shown.search
    this.integrations = served.filter(({ slug }) => this.#filter.shows(slug)).sort((a, b) => (a.slug < b.slug ? -1 : 1))
    this.#offering = new MergedOffering(this.integrations, names.prompts)
    const routes = new Map<string, Route>()
    const texts: Text[] = [...ownTools]
    for (const integration of this.integrations) {
      for (const { tool, gatewayName, text } of this.#allowed(integration)) {
        if (routes.has(gatewayName)) continue
        routes.set(gatewayName, { integration, tool, gatewayName })
        texts.push(text)
      }
    }
    this.all = new View(routes, texts)
  }

  /** The same, of all that is served, as agents with this profile see it. */
  for(profile: Profile | null): Catalog {
    if (profile === null) return this
    let known = this.#byProfile.get(profile)
    if (known === undefined) {
      const shown = { filter: compileProfile(profile), search: this.#index }
      known = new Catalog(this.integrations, this.#names, this.#ownTools, shown)
      this.#byProfile.set(profile, known)
    }
    return known
  }

  /** The list of `/mcp/<slug>`: the upstream's own names. Undefined when nothing with this slug is there. */
  of(slug: string): View | undefined {
    const known = this.#bySlug.get(slug)
    if (known !== undefined) return known
    const integration = this.integration(slug)
    if (integration === undefined) return undefined
    const allowed = this.#allowed(integration)
    const routes = new Map(allowed.map(({ tool, gatewayName }) => [tool.name, { integration, tool, gatewayName }]))
    const view = new View(
      routes,
      allowed.map(({ tool }) => tool.bytes),
      // Of all tools, if all are allowed.
      integration.upstream.tools.bytes,
    )
    this.#bySlug.set(slug, view)
    return view
  }

  /** Prompts, resources and templates of `/mcp`, or of `/mcp/<slug>`. Undefined when nothing with this slug is there. */
  offering(slug: string | undefined): Offering | undefined {
    if (slug === undefined) return this.#offering
    let known = this.#offeringBySlug.get(slug)
    const integration = known === undefined ? this.integration(slug) : undefined
    if (integration !== undefined) this.#offeringBySlug.set(slug, (known = new OwnOffering(integration)))
    return known
  }

  integration(slug: string): ServedIntegration | undefined {
    return this.integrations.find((candidate) => candidate.slug === slug)
  }

  /** The tools that fit the query best, of one integration or all. */
  search(query: string, limit: number, integration: string | undefined): Promise<Route[]> {
    const { routes } = this.all
    return this.#index.find(query, limit, ({ gatewayName, integration: { slug } }) => {
      return routes.has(gatewayName) && (integration === undefined || slug === integration)
    })
  }

  /** Made when it is first asked for, once for all profiles: each searches it within its own routes. */
  get #index(): ToolSearch {
    return (this.#search ??= new ToolSearch([...this.all.routes.values()]))
  }

  #allowed(integration: ServedIntegration): readonly NamedTool[] {
    const filter = compileToolFilter(integration.enabledTools, integration.disabledTools)
    const named = this.#names.tools.of(integration.slug, integration.upstream.tools)
    return named.filter(
      ({ tool, gatewayName }) =>
        filter.stateOf(tool.name) === 'allowed' &&
        !integration.review.held.has(tool.name) &&
        this.#filter.allows(gatewayName),
    )
  }
}
