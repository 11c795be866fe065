import { describe, expect, it } from 'vitest'
import { readShown, shownOptions } from '../../../../src/renderer/features/tools/shown-options.ts'
import { isOfKind, traitsOf } from '../../../../src/renderer/features/tools/tool-kinds.ts'
import { searchable, searchTools, type Shown } from '../../../../src/renderer/features/tools/tool-search.ts'
import { tool } from './tool-fixture.ts'

const list = [
  tool('x__get_me', { description: 'The signed-in person', annotations: { readOnlyHint: true } }),
  tool('x__delete_issue', { annotations: { destructiveHint: true } }),
  tool('x__fetch', { title: 'Fetch a page', annotations: { readOnlyHint: true, openWorldHint: true } }),
  tool('x__rename', { annotations: { title: 'Rename' } }),
]
const isExposed = ({ name }: { name: string }): boolean => !name.startsWith('delete_')
const found = (query: string, shown: Shown): string[] =>
  searchTools(
    searchable(list, ({ name }) => name),
    query,
    shown,
    isExposed,
  ).map(({ name }) => name)

describe('the search of a list of tools', () => {
  it('finds every word in name, title or description', () => {
    expect(found('PERSON signed', 'all')).toEqual(['get_me'])
    expect(found('page', 'all')).toEqual(['fetch'])
    expect(found('person page', 'all')).toEqual([])
  })

  it.each([
    ['all', ['get_me', 'delete_issue', 'fetch', 'rename']],
    ['exposed', ['get_me', 'fetch', 'rename']],
    ['hidden', ['delete_issue']],
    ['read_only', ['get_me', 'fetch']],
    ['destructive', ['delete_issue']],
    ['open_world', ['fetch']],
    ['none', ['rename']],
  ] as const)('shows %s', (shown, names) => {
    expect(found('', shown)).toEqual(names)
  })

  it('offers each choice with what it shows', () => {
    expect(shownOptions(list, isExposed).map(({ label, hint }) => [label, hint])).toEqual([
      ['All', '4'],
      ['Exposed', '3'],
      ['Hidden', '1'],
      ['To approve', '0'],
      ['With findings', '0'],
      ['Read-only', '2'],
      ['Destructive', '1'],
      ['Open world', '1'],
      ['No annotation', '1'],
    ])
    expect([readShown('hidden'), readShown('nothing'), readShown(undefined)]).toEqual(['hidden', 'all', 'all'])
  })
})

describe('what a server says about a tool', () => {
  it('counts only as far as it was said', () => {
    expect(isOfKind({}, 'destructive')).toBe(false)
    expect(isOfKind({ destructiveHint: 'yes' }, 'none')).toBe(true)
    expect(isOfKind({ readOnlyHint: false }, 'none')).toBe(false)
  })

  it('cannot be read-only and destructive', () => {
    expect(traitsOf({ readOnlyHint: true, destructiveHint: true })).toEqual([{ word: 'read-only', loud: false }])
  })
})
