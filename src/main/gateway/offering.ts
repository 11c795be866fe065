import type { ServedIntegration } from '../integrations/served-integration.ts'
import type { ListKind } from '../upstream/upstream.ts'
import { Sources, type WatchedList } from './known-lists.ts'
import { ListBytes, type Text } from './list-bytes.ts'
import type { NamedPrompts } from './named-prompts.ts'
import { Resources } from './resources.ts'

/** A prompt, resource or template of an integration, by what that one calls it. */
export interface Owned {
  integration: ServedIntegration
  /** Its own name, URI or URI template. */
  key: string
}

export type OfferedList = Exclude<ListKind, 'tools'>
type SourcedList = Exclude<WatchedList, 'tools'>

/**
 * Prompts, resources and templates behind one endpoint, at one moment. Each list is put together when it is first asked for:
 * most agents never do.
 */
export interface Offering {
  /** Whose they are. */
  readonly integrations: readonly ServedIntegration[]
  list(kind: OfferedList): ListBytes
  /** What such a list is put together from. */
  sources(kind: SourcedList): Sources
  /** Undefined: there is no such prompt. */
  prompt(name: string): Owned | undefined
  /** Who is to be asked for this URI; undefined when nobody has it. */
  resource(uri: string): Owned | undefined
  /** Who is to be asked about this URI template. */
  template(template: string): Owned | undefined
}

/** What `/mcp/<slug>` offers: everything as the server has it, and every question is for that server. */
export class OwnOffering implements Offering {
  readonly integrations: readonly [ServedIntegration]
  readonly #sources: KnownSources = {}
  readonly #lists = new Map<OfferedList, ListBytes>()

  constructor(integration: ServedIntegration) {
    this.integrations = [integration]
  }

  list(kind: OfferedList): ListBytes {
    let list = this.#lists.get(kind)
    if (list === undefined) {
      const { items, bytes } = this.integrations[0].upstream.offer[kind]
      list = new ListBytes(
        items.map((item) => item.bytes),
        { ready: bytes },
      )
      this.#lists.set(kind, list)
    }
    return list
  }

  sources(kind: SourcedList): Sources {
    return (this.#sources[kind] ??= sourcesOf(this.integrations, kind))
  }

  prompt(name: string): Owned {
    return { integration: this.integrations[0], key: name }
  }

  resource(uri: string): Owned {
    return { integration: this.integrations[0], key: uri }
  }

  template(template: string): Owned {
    return { integration: this.integrations[0], key: template }
  }
}

/** What `/mcp` offers: that of all integrations, with names and URIs that tell them apart. */
export class MergedOffering implements Offering {
  readonly integrations: readonly ServedIntegration[]
  readonly #names: NamedPrompts
  readonly #resources: Resources
  readonly #sources: KnownSources = {}
  #prompts: Prompts | undefined

  /** `integrations` in the order of the lists. */
  constructor(integrations: readonly ServedIntegration[], names: NamedPrompts) {
    this.integrations = integrations
    this.#names = names
    this.#resources = new Resources(integrations)
  }

  list(kind: OfferedList): ListBytes {
    return kind === 'prompts' ? this.#allPrompts.list : this.#resources.list(kind)
  }

  sources(kind: SourcedList): Sources {
    return (this.#sources[kind] ??= sourcesOf(this.integrations, kind))
  }

  prompt(name: string): Owned | undefined {
    return this.#allPrompts.routes.get(name)
  }

  resource(uri: string): Owned | undefined {
    return this.#resources.find(uri)
  }

  template(template: string): Owned | undefined {
    return this.#resources.findTemplate(template)
  }

  get #allPrompts(): Prompts {
    return (this.#prompts ??= mergePrompts(this.integrations, this.#names))
  }
}

type KnownSources = Partial<Record<SourcedList, Sources>>

function sourcesOf(integrations: readonly ServedIntegration[], kind: SourcedList): Sources {
  const offers = integrations.map(({ upstream }) => upstream.offer)
  const lists = offers.flatMap((offer) => (kind === 'prompts' ? [offer.prompts] : [offer.resources, offer.templates]))
  const slugs = integrations.map(({ slug }) => slug)
  return new Sources(slugs, lists)
}

interface Prompts {
  list: ListBytes
  /** By gateway name: looked up, never parsed. */
  routes: ReadonlyMap<string, Owned>
}

function mergePrompts(integrations: readonly ServedIntegration[], names: NamedPrompts): Prompts {
  const routes = new Map<string, Owned>()
  const texts: Text[] = []
  for (const integration of integrations) {
    for (const { name, gatewayName, text } of names.of(integration.slug, integration.upstream.offer.prompts)) {
      if (routes.has(gatewayName)) continue
      routes.set(gatewayName, { integration, key: name })
      texts.push(text)
    }
  }
  return { list: new ListBytes(texts), routes }
}
