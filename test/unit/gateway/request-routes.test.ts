import { describe, expect, it } from 'vitest'
import { Catalog, Names } from '../../../src/main/gateway/catalog.ts'
import { readBody, type Message } from '../../../src/main/gateway/message.ts'
import { nameInGateway } from '../../../src/main/gateway/names.ts'
import { routeOf } from '../../../src/main/gateway/request-routes.ts'
import type { Era } from '../../../src/main/upstream/upstream.ts'
import type { ServedIntegration } from '../../../src/main/integrations/served-integration.ts'
import { fakeUpstream, itemList, served, toolsNamed } from '../../helpers/gateway-fixture.ts'

const one = served(
  fakeUpstream('one', '', {
    offer: {
      prompts: itemList('name', 'ask', 'file.review'),
      resources: itemList('uri', 'x://only-one', 'x://both'),
      templates: itemList('uriTemplate', 'x://both/{id}', 'x://one/{id}', 'x://{+rest}'),
    },
  }),
)
const two = served(
  fakeUpstream('two', '', {
    offer: {
      prompts: itemList('name', 'ask'),
      resources: itemList('uri', 'x://both'),
      templates: itemList('uriTemplate', 'x://both/{id}', 'x://two/{id}'),
    },
  }),
)

function route(method: string, params: unknown, { slug, era = 'modern' }: { slug?: string; era?: Era } = {}) {
  const catalog = new Catalog([one, two], new Names(), [])
  const offering = catalog.offering(slug)
  if (offering === undefined) throw new Error('no such integration')
  const message = readBody(Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))) as Message
  const found = routeOf({ slug, offering }, message, era)
  if (found === undefined || !('integration' in found)) return found
  return { to: found.integration.slug, name: found.name, replaced: Object.fromEntries(found.replaced) }
}

describe('the way of a request on /mcp', () => {
  it('goes to the integration of a prompt, under its own name', () => {
    expect(route('prompts/get', { name: 'two__ask' })).toEqual({ to: 'two', name: 'ask', replaced: { name: '"ask"' } })
    const cleaned = nameInGateway('one', 'file.review')
    expect(route('prompts/get', { name: cleaned })).toMatchObject({ to: 'one', name: 'file.review' })
  })

  it('goes nowhere for an unknown prompt', () => {
    for (const name of ['ask', 'three__ask', '__proto__']) {
      expect(route('prompts/get', { name })).toEqual({ code: -32602, message: `Prompt ${name} not found` })
    }
    expect(route('prompts/get', {})).toMatchObject({ code: -32602 })
  })

  it('goes to the owner of a resource, which keeps its URI', () => {
    expect(route('resources/read', { uri: 'x://only-one' })).toEqual({ to: 'one', name: 'x://only-one', replaced: {} })
  })

  it('tells two resources with one URI apart', () => {
    for (const slug of ['one', 'two']) {
      const uri = `gatehouse-resource://${slug}/x%3A%2F%2Fboth`
      const replaced = { uri: '"x://both"' }
      expect(route('resources/read', { uri })).toEqual({ to: slug, name: 'x://both', replaced })
    }
  })

  it('lets no server claim a URI of the gateway that names another one, by its list or by a template', () => {
    const forged = 'gatehouse-resource://two/x%3A%2F%2Fboth'
    const resources = itemList('uri', forged, 'x://both')
    const templates = itemList('uriTemplate', 'gatehouse-resource://two/{+rest}', 'gate{+rest}', '{+rest}')
    const zzz = served(fakeUpstream('zzz', '', { offer: { resources, templates } }))
    const offering = new Catalog([two, zzz], new Names(), []).offering(undefined)
    expect(offering?.resource(forged)).toMatchObject({ integration: { slug: 'two' }, key: 'x://both' })
    expect(offering?.template('gatehouse-resource://two/{+rest}')?.integration.slug).toBe('two')
    // Its own are still there, under its own slug: a gateway behind this one has such URIs.
    const seen = `gatehouse-resource://zzz/${encodeURIComponent(forged)}`
    expect(offering?.list('resources').bytes.toString()).toContain(JSON.stringify(seen))
    expect(offering?.resource(seen)).toMatchObject({ integration: { slug: 'zzz' }, key: forged })
    const expanded = offering?.resource('gatehouse-resource://zzz/gatehouse-resource://two/5')
    expect(expanded).toMatchObject({ integration: { slug: 'zzz' }, key: 'gatehouse-resource://two/5' })
  })

  it('finds the template that fits best, for a URI in no list', () => {
    expect(route('resources/read', { uri: 'x://two/5' })).toMatchObject({ to: 'two', name: 'x://two/5' })
    expect(route('resources/read', { uri: 'x://one/5' })).toMatchObject({ to: 'one' })
    expect(route('resources/read', { uri: 'x://other/5' })).toMatchObject({ to: 'one' })
  })

  it('gives back the URI of a template that two have', () => {
    const uri = 'gatehouse-resource://two/x://both/a%2Fb'
    const replaced = { uri: '"x://both/a%2Fb"' }
    expect(route('resources/read', { uri })).toEqual({ to: 'two', name: 'x://both/a%2Fb', replaced })
  })

  it('follows a link to what stands in no list, where only one can have it', () => {
    const capabilities = { resources: {} }
    const files = served(
      fakeUpstream('files', '', { offer: { capabilities, resources: itemList('uri', 'file:///a', 'gone') } }),
    )
    const none = served(fakeUpstream('none', toolsNamed('read')))
    const notes = served(
      fakeUpstream('notes', '', { offer: { capabilities, templates: itemList('uriTemplate', 'note://{id}') } }),
    )
    const owner = (uri: string, ...integrations: ServedIntegration[]) =>
      new Catalog(integrations, new Names(), []).offering(undefined)?.resource(uri)?.integration.slug
    expect(owner('made://up', files, none)).toBe('files')
    expect(owner('file:///b', files, notes)).toBe('files')
    expect(owner('note://a/b', files, notes)).toBe('notes')
    expect(owner('made://up', files, notes)).toBeUndefined()
    expect(owner('file:///b', none)).toBeUndefined()
  })

  it('says that a resource is unknown with the code of the era', () => {
    const uri = 'y://nowhere'
    const said = { message: `Resource not found: ${uri}`, data: { uri } }
    expect(route('resources/read', { uri })).toEqual({ code: -32602, ...said })
    expect(route('resources/read', { uri }, { era: 'legacy' })).toEqual({ code: -32002, ...said })
    const broken = ['gatehouse-resource://three/x%3A', 'gatehouse-resource://one', 'gatehouse-resource://one/%E0%A4%A']
    for (const bad of broken) expect(route('resources/read', { uri: bad })).toMatchObject({ code: -32602 })
    expect(route('resources/read', { uri: 5 })).toMatchObject({ code: -32602 })
  })

  it('completes with the owner, under its own names', () => {
    const argument = { name: 'id', value: '' }
    const prompt = { ref: { type: 'ref/prompt', name: 'one__ask', title: 'Ask' }, argument }
    expect(route('completion/complete', prompt)).toEqual({
      to: 'one',
      name: undefined,
      replaced: { ref: '{"type":"ref/prompt","name":"ask","title":"Ask"}' },
    })
    const shared = { ref: { type: 'ref/resource', uri: 'gatehouse-resource://two/x://both/{id}' }, argument }
    expect(route('completion/complete', shared)).toEqual({
      to: 'two',
      name: undefined,
      replaced: { ref: '{"type":"ref/resource","uri":"x://both/{id}"}' },
    })
    const own = { ref: { type: 'ref/resource', uri: 'x://two/{id}' }, argument }
    expect(route('completion/complete', own)).toEqual({ to: 'two', name: undefined, replaced: {} })
  })

  it('refuses a completion for nobody', () => {
    expect(route('completion/complete', { ref: { type: 'ref/prompt', name: 'x' } })).toMatchObject({ code: -32602 })
    const nowhere = { ref: { type: 'ref/resource', uri: 'y://{id}' } }
    expect(route('completion/complete', nowhere, { era: 'legacy' })).toMatchObject({ code: -32002 })
    for (const ref of [undefined, 'x', { type: 'ref/tool', name: 'x' }, { type: 'ref/prompt' }]) {
      expect(route('completion/complete', { ref })).toMatchObject({ code: -32602 })
    }
  })

  it('has none for methods that it does not know', () => {
    for (const method of ['vendor/thing', 'tools/other', 'prompts/list']) expect(route(method, {})).toBeUndefined()
  })
})

describe('the way of a request on /mcp/<slug>', () => {
  const slug = 'two'

  it('goes to that integration, whatever it asks for', () => {
    const to = { to: 'two', replaced: {} }
    expect(route('prompts/get', { name: 'unlisted' }, { slug })).toEqual({ ...to, name: 'unlisted' })
    expect(route('resources/read', { uri: 'x://both' }, { slug })).toEqual({ ...to, name: 'x://both' })
    expect(route('completion/complete', { ref: { type: 'ref/new' } }, { slug })).toEqual({ ...to, name: undefined })
    expect(route('vendor/thing', {}, { slug })).toEqual({ ...to, name: undefined })
  })

  it('has none around what the gateway decides or answers itself', () => {
    const own = ['initialize', 'ping', 'server/discover', 'subscriptions/listen', 'logging/setLevel', 'resources/list']
    for (const method of [...own, 'tools/call', 'tools/list', 'tools/other', 'resources/subscribe', 'tasks/get']) {
      expect(route(method, {}, { slug })).toBeUndefined()
    }
  })
})
