import { describe, expect, it } from 'vitest'
import { countBy, filterCatalog, sortIntegrations } from '../../../src/renderer/features/integrations/catalog-filter.ts'
import { integrationStatus } from '../../../src/renderer/features/integrations/integration-status.ts'
import { retryWords } from '../../../src/renderer/features/integrations/retry-words.ts'
import { nextRow } from '../../../src/renderer/ui/next-row.ts'
import { connection, integration } from './integration-fixture.ts'

const all = sortIntegrations([
  integration('srv-10', { category: 'Code' }),
  integration('srv-2', { category: 'Data', description: 'Warehouse of sales' }),
  integration('zeta', { display_name: 'Alpha', status: 'disabled', connection: connection('disabled') }),
  integration('slack', { source: 'system', status: 'disabled', mcp: null, connection: connection('needs_setup') }),
])
const nothing = { q: '', category: '', status: '' }
const names = (list: { name: string }[]) => list.map(({ name }) => name)

describe('the catalog', () => {
  it('sorts by what people read, numbers by value', () => {
    expect(names(all)).toEqual(['zeta', 'slack', 'srv-2', 'srv-10'])
  })

  it('keeps system and custom apart and hides nothing by itself', () => {
    const catalog = filterCatalog(all, nothing)
    expect(names(catalog.system)).toEqual(['slack'])
    expect(catalog.hidden).toBe(0)
  })

  it('finds every word in name, display name, category or description, in any case', () => {
    expect(names(filterCatalog(all, { ...nothing, q: ' SALES srv ' }).custom)).toEqual(['srv-2'])
    expect(filterCatalog(all, { ...nothing, q: 'alpha' })).toMatchObject({ hidden: 3 })
  })

  it('narrows by category and by the word of the status', () => {
    expect(names(filterCatalog(all, { ...nothing, category: 'Code' }).custom)).toEqual(['srv-10'])
    expect(names(filterCatalog(all, { ...nothing, status: 'Disabled' }).custom)).toEqual(['zeta'])
    expect(names(filterCatalog(all, { ...nothing, status: 'Needs setup' }).system)).toEqual(['slack'])
  })

  it('offers only values that occur, with their count', () => {
    expect(countBy(all, ({ category }) => category)).toEqual([
      { value: 'Code', count: 1 },
      { value: 'Data', count: 1 },
    ])
  })
})

describe('the status', () => {
  it('calls a stdio server that exited crashed, with its own action', () => {
    const stdio = integration('a', {
      mcp: { transport: 'stdio', command: 'a', args: [], env: {}, era: 'auto', isolation: 'shared' },
      connection: connection('error'),
    })
    expect(integrationStatus(stdio)).toMatchObject({ word: 'Crashed', action: { label: 'Restart now' } })
    expect(integrationStatus(integration('b', { connection: connection('error') })).word).toBe('Error')
  })

  it('says how long until the next attempt', () => {
    expect(retryWords('restarting', 7_100)).toBe(', restarting in 8 s')
    expect(retryWords('retrying', 400)).toBe(', retrying now')
    expect(retryWords('retrying', 180_000)).toBe(', retrying in 3 min')
  })
})

describe('moving in a list', () => {
  const rows = [{ heading: true }, {}, {}, { heading: true }, {}]
  it.each([
    ['ArrowDown', 2, 4],
    ['ArrowUp', 4, 2],
    ['ArrowUp', 1, 1],
    ['ArrowDown', 4, 4],
    ['Home', 4, 1],
    ['End', 1, 4],
    ['PageDown', 1, 4],
    ['PageUp', 4, 1],
  ])('%s from row %i goes to %i, past headings', (key, from, to) => {
    expect(nextRow(key, from, 10, rows)).toBe(to)
  })

  it('leaves other keys alone', () => {
    expect(nextRow('x', 1, 10, rows)).toBeUndefined()
  })
})
