import { describe, expect, it } from 'vitest'
import { Catalog, Names } from '../../../src/main/gateway/catalog.ts'
import { NamedTools } from '../../../src/main/gateway/named-tools.ts'
import { ToolListing } from '../../../src/main/gateway/tool-listing.ts'
import { nothingHeld } from '../../../src/main/pins/tool-pins.ts'
import { parseToolList } from '../../../src/main/upstream/tool-list.ts'
import { fakeUpstream, served, toolsNamed } from '../../helpers/gateway-fixture.ts'

const build = (...integrations: ReturnType<typeof served>[]) => new Catalog(integrations, new Names(), [])
const namesIn = (bytes: Buffer) => (JSON.parse(bytes.toString()) as { name: string }[]).map(({ name }) => name)

describe('a catalog', () => {
  it('orders by slug, then as the upstream does, whatever order it is given', () => {
    const b = served(fakeUpstream('b', toolsNamed('z', 'a')))
    const a = served(fakeUpstream('a', toolsNamed('m')))
    const names = ['a__m', 'b__z', 'b__a']
    expect(namesIn(build(b, a).all.tools.bytes)).toEqual(names)
    expect(build(a, b).all.tools.bytes).toEqual(build(b, a).all.tools.bytes)
    expect([...build(b, a).all.routes.keys()]).toEqual(names)
  })

  it('lists and routes the same tools: those that the filter allows', () => {
    const filter = { enabledTools: ['read*'], disabledTools: ['*_all'] }
    const upstream = fakeUpstream('s', toolsNamed('read', 'write', 'read_all'))
    const catalog = build(served(upstream, filter))
    expect(namesIn(catalog.all.tools.bytes)).toEqual(['s__read'])
    expect([...catalog.all.routes.keys()]).toEqual(['s__read'])
    expect(namesIn(catalog.of('s')?.tools.bytes ?? Buffer.from('[]'))).toEqual(['read'])
    const states = new ToolListing(new NamedTools()).of(
      { slug: 's', ...filter, tools: upstream.tools, review: nothingHeld },
      [],
    )
    expect(states.map(({ name, gateway_name, state }) => [name, gateway_name, state])).toEqual([
      ['read', 's__read', 'allowed'],
      ['write', 's__write', 'not_in_enabled_tools'],
      ['read_all', 's__read_all', 'in_disabled_tools'],
    ])
  })

  it('knows no other slug than those it serves', () => {
    const catalog = build(served(fakeUpstream('s', toolsNamed('read'))))
    for (const slug of ['x', '__proto__', 'constructor', '']) expect(catalog.of(slug)).toBeUndefined()
  })

  it('replaces the name and no other byte, even where it is escaped or stands inside', () => {
    const text = '{ "x":{"name":"inner"},"\\u006eame" : "re\\u0061d", "inputSchema":{"type":"object"}, "n":1.0e400}'
    const upstream = fakeUpstream('s', `[${text}]`)
    const catalog = build(served(upstream))
    expect(catalog.all.tools.bytes.toString()).toBe(`[${text.replace('"re\\u0061d"', '"s__read"')}]`)
    expect(catalog.of('s')?.tools.bytes.toString()).toBe(`[${text}]`)
  })

  it('keeps tools named like members of Object.prototype', () => {
    const catalog = build(served(fakeUpstream('s', toolsNamed('__proto__', 'constructor', 'toString'))))
    expect(namesIn(catalog.all.tools.bytes)).toEqual(['s____proto__', 's__constructor', 's__toString'])
    expect(catalog.all.routes.get('s____proto__')?.tool.name).toBe('__proto__')
    expect(catalog.all.routes.get('__proto__')).toBeUndefined()
  })

  it('tells the console what a definition says, however odd it is', () => {
    const tools = [
      {
        name: 'a',
        title: 'A',
        description: 'Does a.',
        inputSchema: { type: 'object' },
        annotations: { readOnlyHint: true },
      },
      { name: 'b', title: 7, description: null, inputSchema: { type: 'object' }, annotations: { title: 'B' } },
      { name: 'c', inputSchema: { type: 'object' }, annotations: 'none' },
    ]
    const list = parseToolList(JSON.stringify(tools))
    const states = new ToolListing(new NamedTools()).of(
      { slug: 's', enabledTools: [], disabledTools: [], tools: list, review: nothingHeld },
      [],
    )
    expect(states.map(({ title, description, annotations }) => [title, description, annotations])).toEqual([
      ['A', 'Does a.', { readOnlyHint: true }],
      ['B', '', { title: 'B' }],
      [null, '', {}],
    ])
  })

  it('splices a list once, however often a filter changes', () => {
    const names = new NamedTools()
    const list = parseToolList(toolsNamed('a'))
    expect(names.of('s', list)).toBe(names.of('s', list))
    expect(names.of('t', list)[0]?.gatewayName).toBe('t__a')
  })
})
