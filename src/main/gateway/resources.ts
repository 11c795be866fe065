import type { ServedIntegration } from '../integrations/served-integration.ts'
import { declares } from '../upstream/capabilities.ts'
import type { ListedItem } from '../upstream/offer.ts'
import { ListBytes, type Text } from './list-bytes.ts'
import type { Owned } from './offering.ts'
import { RenamedText } from './renamed-text.ts'
import { gatewayTemplate, gatewayUri, isGatewayUri, readGatewayUri } from './resource-uri.ts'
import { matches, readTemplate, type UriTemplate } from './uri-template.ts'

/** Characters compared for one URI against the templates of one integration, at most: an integration slows down only itself. */
const MOST_WORK = 32 * 1024 * 1024

/**
 * Resources and templates of several integrations. URIs stay as they are, since they stand in results and in what people
 * write; where two integrations have the same one, both get a URI of the gateway's, and the plain one is nobody's.
 */
export class Resources {
  readonly #integrations: readonly ServedIntegration[]
  readonly #indexes: Partial<Record<'resources' | 'templates', Index>> = {}
  #matchers: readonly Matchers[] | undefined
  #schemes: ReadonlyMap<ServedIntegration, ReadonlySet<string>> | undefined

  constructor(integrations: readonly ServedIntegration[]) {
    this.#integrations = integrations
  }

  list(kind: 'resources' | 'templates'): ListBytes {
    return this.#index(kind).list
  }

  find(uri: string): Owned | undefined {
    // The slug in it says whose it is: no list and no template of another one may.
    if (isGatewayUri(uri)) return this.#byGatewayUri(uri)
    return this.#index('resources').owners.get(uri) ?? this.#byTemplate(uri) ?? this.#byScheme(uri)
  }

  findTemplate(template: string): Owned | undefined {
    return this.#index('templates').owners.get(template) ?? this.find(template)
  }

  #index(kind: 'resources' | 'templates'): Index {
    return (this.#indexes[kind] ??= merge(this.#integrations, kind))
  }

  /**
   * Results of tools link to resources that stand in no list. Such a URI goes to the only integration that has resources, or
   * the only one that lists some of this scheme; else nobody can tell whose it is.
   */
  #byScheme(uri: string): Owned | undefined {
    const having = this.#integrations.filter(({ upstream }) => declares(upstream.offer.capabilities, 'resources'))
    this.#schemes ??= new Map(having.map((integration) => [integration, schemesOf(integration)]))
    const listing = having.filter((integration) => this.#schemes?.get(integration)?.has(schemeOf(uri)) === true)
    const [only, another] = having.length === 1 ? having : listing
    return only === undefined || another !== undefined ? undefined : { integration: only, key: uri }
  }

  #byGatewayUri(uri: string): Owned | undefined {
    const inner = readGatewayUri(uri)
    const integration = inner && this.#integrations.find(({ slug }) => slug === inner.slug)
    return integration && { integration, key: inner.uri }
  }

  /** Of several templates that could have made this URI the most specific one counts, then the first. */
  #byTemplate(uri: string): Owned | undefined {
    let best: { integration: ServedIntegration; literalLength: number } | undefined
    this.#matchers ??= this.#integrations.map(readMatchers)
    for (const { integration, templates } of this.#matchers) {
      let work = 0
      for (const { length, read } of templates) {
        if (best !== undefined && read.literalLength <= best.literalLength) continue
        work += length * uri.length
        if (work > MOST_WORK) break
        if (matches(read, uri)) best = { integration, literalLength: read.literalLength }
      }
    }
    return best && { integration: best.integration, key: uri }
  }
}

function schemesOf({ upstream }: ServedIntegration): ReadonlySet<string> {
  const { resources, templates } = upstream.offer
  return new Set([...resources.items, ...templates.items].map(({ key }) => schemeOf(key)))
}

function schemeOf(uri: string): string {
  return uri.slice(0, uri.indexOf(':') + 1)
}

interface Matchers {
  integration: ServedIntegration
  templates: readonly { length: number; read: UriTemplate }[]
}

function readMatchers(integration: ServedIntegration): Matchers {
  const templates = integration.upstream.offer.templates.items.flatMap(({ key }) => {
    const read = readTemplate(key)
    return read === undefined ? [] : [{ length: key.length, read }]
  })
  return { integration, templates }
}

interface Index {
  list: ListBytes
  /** By the URI or template that agents see. */
  owners: ReadonlyMap<string, Owned>
}

const KEYS = { resources: 'uri', templates: 'uriTemplate' } as const
const RENAMES = { resources: gatewayUri, templates: gatewayTemplate } as const

function merge(integrations: readonly ServedIntegration[], kind: 'resources' | 'templates'): Index {
  const count = new Map<string, number>()
  const items = (integration: ServedIntegration): readonly ListedItem[] => integration.upstream.offer[kind].items
  for (const integration of integrations) {
    for (const { key } of items(integration)) count.set(key, (count.get(key) ?? 0) + 1)
  }
  const owners = new Map<string, Owned>()
  const texts: Text[] = []
  for (const integration of integrations) {
    for (const item of items(integration)) {
      const { key } = item
      const isShared = (count.get(key) ?? 0) > 1 || isGatewayUri(key)
      const seen = isShared ? RENAMES[kind](integration.slug, key) : key
      owners.set(seen, { integration, key })
      texts.push(isShared ? new RenamedText(item, KEYS[kind], seen) : item.bytes)
    }
  }
  return { list: new ListBytes(texts), owners }
}
