import { describe, expect, it } from 'vitest'
import { extendTo, noSelection, selectRows, toggleRow } from '../../../src/renderer/ui/row-selection.ts'

const order = ['a', 'b', 'c', 'd', 'e', 'f']
const keysOf = ({ keys }: { keys: ReadonlySet<string> }): string => [...keys].sort().join('')

describe('rows that are selected', () => {
  it('come and go one by one', () => {
    const two = toggleRow(toggleRow(noSelection, 'b'), 'd')
    expect(keysOf(two)).toBe('bd')
    expect(keysOf(toggleRow(two, 'b'))).toBe('d')
  })

  it('are a range that grows and shrinks while its end moves', () => {
    const start = toggleRow(noSelection, 'b')
    const grown = extendTo(start, 'b', 'e', order)
    expect(keysOf(grown)).toBe('bcde')
    const shrunk = extendTo(grown, 'e', 'c', order)
    expect(keysOf(shrunk)).toBe('bc')
    expect(keysOf(extendTo(shrunk, 'c', 'a', order))).toBe('ab')
  })

  it('keep what was selected before the range', () => {
    const before = toggleRow(toggleRow(noSelection, 'f'), 'a')
    const range = extendTo(before, 'c', 'd', order)
    expect(keysOf(range)).toBe('acdf')
    expect(keysOf(extendTo(range, 'd', 'c', order))).toBe('acf')
  })

  it('begin a new range where the focus went meanwhile', () => {
    const first = extendTo(toggleRow(noSelection, 'a'), 'a', 'b', order)
    expect(keysOf(extendTo(first, 'e', 'f', order))).toBe('abef')
  })

  it('begin anew when the row where the range began is not shown', () => {
    const before = toggleRow(noSelection, 'x')
    expect(keysOf(extendTo(before, 'x', 'c', order))).toBe('cx')
  })

  it('are all at once', () => {
    expect(keysOf(selectRows(order))).toBe('abcdef')
    expect(keysOf(extendTo(selectRows(['a']), 'd', 'e', order))).toBe('ade')
  })
})
