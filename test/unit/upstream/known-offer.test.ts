import { describe, expect, it } from 'vitest'
import { announces, declares, offersSubscriptions, readCapabilities } from '../../../src/main/upstream/capabilities.ts'
import { readInstructions } from '../../../src/main/upstream/instructions.ts'
import { parseItemList } from '../../../src/main/upstream/item-list.ts'
import { KnownOffer, offerAtOpening } from '../../../src/main/upstream/known-offer.ts'
import { emptyOffer } from '../../../src/main/upstream/offer.ts'
import { parseToolList } from '../../../src/main/upstream/tool-list.ts'

const tools = () => parseToolList('[{"name":"a","inputSchema":{"type":"object"}}]')

describe('what is known of an offer', () => {
  it('tells which lists differ, and keeps the same object where none does', () => {
    const known = new KnownOffer(emptyOffer)
    expect(known.update({ tools: tools(), prompts: parseItemList('prompts', '[]') })).toEqual(['tools'])
    const { offer } = known
    expect(known.update({ tools: tools(), capabilities: {}, instructions: null })).toBeUndefined()
    expect(known.offer).toBe(offer)
    expect(known.update({ prompts: parseItemList('prompts', '[{"name":"p"}]') })).toEqual(['prompts'])
    expect(known.offer.tools).toBe(offer.tools)
  })

  it('differs without a list where the capabilities or the instructions do', () => {
    const known = new KnownOffer(emptyOffer)
    expect(known.update({ capabilities: { prompts: {} } })).toEqual([])
    expect(known.update({ capabilities: { prompts: {} } })).toBeUndefined()
    expect(known.update({ instructions: 'Be kind.' })).toEqual([])
    expect(known.update({ instructions: null })).toEqual([])
    expect(known.offer).toEqual({ ...emptyOffer, capabilities: { prompts: {} } })
  })

  it('has the warnings of all lists, of each the last', () => {
    const known = new KnownOffer(emptyOffer)
    known.warn('templates', ['t'])
    known.warn('tools', ['a', 'b'])
    known.warn('tools', ['c'])
    expect(known.warnings).toEqual(['c', 't'])
  })

  it('knows at the opening that a list which is not declared is empty', () => {
    const opening = { era: 'legacy', protocolVersion: '2025-11-25', serverInfo: null, instructions: 'x' } as const
    const { prompts, resources, templates } = emptyOffer
    expect(offerAtOpening({ ...opening, capabilities: { resources: {} } })).toEqual({
      capabilities: { resources: {} },
      instructions: 'x',
      prompts,
    })
    expect(Object.keys(offerAtOpening({ ...opening, capabilities: { prompts: {} } }))).toEqual([
      'capabilities',
      'instructions',
      'resources',
      'templates',
    ])
    expect(resources).toBe(templates)
  })
})

describe('capabilities', () => {
  it('say what is there, what is told of, and what can be subscribed to', () => {
    const capabilities = { resources: { listChanged: true, subscribe: true }, prompts: {}, tools: 7 }
    expect(declares(capabilities, 'templates')).toBe(true)
    expect(announces(capabilities, 'templates')).toBe(true)
    expect(declares(capabilities, 'prompts')).toBe(true)
    expect(announces(capabilities, 'prompts')).toBe(false)
    expect(declares(capabilities, 'tools')).toBe(false)
    expect(offersSubscriptions(capabilities)).toBe(true)
    expect(offersSubscriptions({ resources: { subscribe: 1 } })).toBe(false)
  })

  it('are kept as declared, within limits', () => {
    const declared = { tools: {}, 'x-vendor': { a: [1] } }
    expect(readCapabilities(declared)).toBe(declared)
    expect(readCapabilities('tools')).toEqual({})
    expect(readCapabilities({ tools: {}, experimental: { blob: 'x'.repeat(100_000) } })).toEqual({ tools: {} })
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`) as unknown
    expect(readCapabilities({ tools: {}, deep })).toEqual({})
  })
})

describe('instructions', () => {
  it('are kept as written, up to 64 KiB, without half a character at the end', () => {
    expect(readInstructions('Say "please".\n')).toBe('Say "please".\n')
    for (const none of [undefined, null, '', 7, {}]) expect(readInstructions(none)).toBeNull()
    expect(readInstructions('x'.repeat(70_000))).toBe('x'.repeat(65_536))
    expect(readInstructions(`x${'ü'.repeat(40_000)}`)).toBe(`x${'ü'.repeat(32_767)}`)
  })
})
