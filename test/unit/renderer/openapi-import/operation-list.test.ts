import { describe, expect, it } from 'vitest'
import {
  allOperations,
  countMethods,
  countTags,
  findOperations,
  groupByTag,
  type OperationQuery,
  searchableOperations,
} from '../../../../src/renderer/features/openapi-import/operation-list.ts'
import { shareOf, toggled } from '../../../../src/renderer/features/openapi-import/selection.ts'
import { treeItems } from '../../../../src/renderer/features/openapi-import/tree-items.ts'
import { previewTool } from './preview-fixture.ts'

const tools = [
  previewTool('GET /invoices', { tags: ['Invoices'], title: 'List invoices' }),
  previewTool('DELETE /invoices/{id}', { tags: ['Invoices', 'Danger'], warnings: ['A body was left out.'] }),
  previewTool('GET /health'),
  previewTool('POST /payments', { tags: ['Payments'] }),
]
const state = { selected: new Set(['get_invoices']), problems: new Map([['post_payments', 'Enter a name.']]) }
const find = (query: Partial<OperationQuery>, edits = new Map<string, { name: string }>()) =>
  findOperations(searchableOperations(tools, edits), { ...allOperations, ...query }, state).map(({ name }) => name)

describe('finding operations', () => {
  it('looks for every word in method, path, name, title, description and tags', () => {
    expect(find({ q: 'list INV' })).toEqual(['get_invoices'])
    expect(find({ q: 'delete {id}' })).toEqual(['delete_invoices_id'])
    expect(find({ q: 'danger' })).toEqual(['delete_invoices_id'])
    expect(find({ q: 'nothing of the kind' })).toEqual([])
    expect(find({ q: 'renamed' }, new Map([['get_health', { name: 'renamed' }]]))).toEqual(['get_health'])
  })

  it('keeps to a tag, a method and a kind', () => {
    expect(find({ tag: 'Danger' })).toEqual(['delete_invoices_id'])
    expect(find({ method: 'GET' })).toEqual(['get_invoices', 'get_health'])
    expect(find({ listed: 'selected' })).toEqual(['get_invoices'])
    expect(find({ listed: 'unselected', method: 'GET' })).toEqual(['get_health'])
    expect(find({ listed: 'warnings' })).toEqual(['delete_invoices_id'])
    expect(find({ listed: 'names' })).toEqual(['post_payments'])
  })
})

describe('the tree', () => {
  it('has each operation once, below its first tag; those without one come last', () => {
    expect(groupByTag(tools, '').map(({ tag, tools: own }) => [tag, own.length])).toEqual([
      ['Invoices', 2],
      ['Payments', 1],
      ['', 1],
    ])
  })

  it('shows all operations of a tag below that tag', () => {
    const danger = tools.filter(({ operation }) => operation?.tags.includes('Danger'))
    expect(groupByTag(danger, 'Danger').map(({ tag }) => tag)).toEqual(['Danger'])
  })

  it('leaves out what stands below a closed tag, and needs no tags', () => {
    const options = { closed: new Set(['Invoices']), openTool: 'post_payments', rowHeight: 44 }
    const items = treeItems(groupByTag(tools, ''), options)
    expect(items.map(({ key, measured }) => [key, measured ?? false])).toEqual([
      ['tag Invoices', false],
      ['tag Payments', false],
      ['tool post_payments', true],
      ['tag ', false],
      ['tool get_health', false],
    ])
    const untagged = [previewTool('GET /a'), previewTool('GET /b')]
    expect(treeItems(groupByTag(untagged, ''), options).map(({ kind }) => kind)).toEqual(['operation', 'operation'])
  })
})

it('counts tags and methods for their filters', () => {
  expect(countTags(tools)).toEqual([
    { value: 'Invoices', count: 2 },
    { value: 'Danger', count: 1 },
    { value: 'Payments', count: 1 },
  ])
  expect(countMethods([...tools, previewTool('PURGE /cache')]).map(({ value }) => value)).toEqual([
    'GET',
    'POST',
    'DELETE',
    'PURGE',
  ])
})

it('selects all of a group unless all are selected', () => {
  const some = new Set(['a', 'other'])
  expect(shareOf(some, ['a', 'b'])).toBe('some')
  const all = toggled(some, ['a', 'b'])
  expect([...all]).toEqual(['a', 'other', 'b'])
  expect(shareOf(all, ['a', 'b'])).toBe('all')
  expect([...toggled(all, ['a', 'b'])]).toEqual(['other'])
})
