import { describe, expect, it } from 'vitest'
import { itemRules, parseItemList, type ItemKind } from '../../../src/main/upstream/item-list.ts'
import { ListBuilder } from '../../../src/main/upstream/list-builder.ts'

function build(kind: ItemKind, ...pages: string[]) {
  const builder = new ListBuilder(itemRules[kind])
  const accepted = pages.map((page) => builder.addPage(Buffer.from(page), JSON.parse(page)))
  return { accepted, list: builder.build() }
}

describe.each([
  ['prompts', 'prompts', 'name', 'prompt', 'name', ''],
  ['resources', 'resources', 'uri', 'resource', 'URI', ',"name":"n"'],
  ['templates', 'resourceTemplates', 'uriTemplate', 'resource template', 'URI template', ',"name":"n"'],
] as const)('lists of %s', (kind, member, key, noun, keyNoun, rest) => {
  it('keep every byte of each item, in order, over all pages', () => {
    const first = `{ "${key}":"a" ${rest},"x-vendor":1.0}`
    const { list } = build(kind, `{"${member}":[ ${first} ]}`, `{"${member}":[{"${key}":"b"${rest}}]}`)
    expect(list.items.map((item) => [item.key, item.text])).toEqual([
      ['a', first],
      ['b', `{"${key}":"b"${rest}}`],
    ])
    expect(list.warnings).toEqual([])
    const kept = parseItemList(kind, list.bytes.toString())
    expect(kept.text).toBe(list.bytes.toString())
    expect(kept.items.map((item) => item.definition)).toEqual(
      list.items.map((item) => JSON.parse(item.text) as unknown),
    )
  })

  it.each(['null', '7', '{}', `{"${key}":""}`, `{"${key}":7}`])('leave out %s and say so', (bad) => {
    const { list } = build(kind, `{"${member}":[${bad},{"${key}":"good"${rest}}]}`)
    expect(list.items.map((item) => item.key)).toEqual(['good'])
    expect(list.warnings).toEqual([`A ${noun} without a ${keyNoun} was left out.`])
  })

  it('keep the first of two with one key', () => {
    const item = (n: number) => `{"${key}":"a"${rest},"n":${n}}`
    const { list } = build(kind, `{"${member}":[${item(1)},${item(2)}]}`)
    expect(list.items.map(({ definition }) => definition.n)).toEqual([1])
    expect(list.warnings).toEqual([`A second ${noun} with the ${keyNoun} "a" was left out.`])
  })

  it('leave out what nests deeper than any reader can take', () => {
    const deep = `${'['.repeat(5_000)}${']'.repeat(5_000)}`
    const { list } = build(kind, `{"${member}":[{"${key}":"a"${rest},"x":${deep}}]}`)
    expect(list.items).toEqual([])
    expect(list.warnings).toEqual([`The ${noun} "a" was left out: its definition nests too deep.`])
  })

  it('are none where an answer has no such array', () => {
    expect(build(kind, '{}', `{"${member}":{}}`, `{"${member}":[]}`).accepted).toEqual([false, false, true])
  })
})

it('a resource without a name is left out: strict clients would refuse the list', () => {
  const { list } = build('resources', '{"resources":[{"uri":"a://b"}]}')
  expect(list.warnings).toEqual(['The resource "a://b" was left out: it has no name.'])
})
