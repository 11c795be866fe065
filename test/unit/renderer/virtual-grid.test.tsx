import { cleanup, fireEvent, render, screen } from '@testing-library/react'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { RowSlots } from '../../../src/renderer/ui/row-slots.ts'
import { VirtualGrid } from '../../../src/renderer/ui/virtual-grid.tsx'

const items = Array.from({ length: 10_000 }, (_, index) => ({ key: String(index), height: 44 }))

describe('VirtualGrid', () => {
  beforeEach(() => {
    // jsdom lays nothing out.
    vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(440)
    render(
      <VirtualGrid label="Tools" items={items}>
        {(item) => <span role="gridcell">{item.key}</span>}
      </VirtualGrid>,
    )
  })
  afterEach(() => {
    cleanup()
    vi.restoreAllMocks()
  })

  const grid = () => screen.getByRole('grid', { name: 'Tools' })
  const scrollTo = (top: number) => {
    grid().scrollTop = top
    fireEvent.scroll(grid())
  }

  it('keeps few rows of many, and says how many there are', () => {
    expect(grid().getAttribute('aria-rowcount')).toBe('10000')
    expect(screen.getAllByRole('row').length).toBeLessThan(20)
  })

  it('fills the elements it has when it scrolls', () => {
    scrollTo(44 * 1_000)
    const before = new Set(screen.getAllByRole('row'))
    scrollTo(44 * 2_000)
    const after = screen.getAllByRole('row')
    expect(after.some((row) => row.textContent === '2005')).toBe(true)
    expect(after.filter((row) => !before.has(row))).toEqual([])
  })

  it('keeps the focus on its row, whichever rows scroll past', () => {
    const row = screen.getAllByRole('row')[3]
    row?.focus()
    scrollTo(44 * 1_000)
    expect(document.activeElement).toBe(row)
    expect(row?.textContent).toBe('3')
    scrollTo(0)
    expect(document.activeElement?.textContent).toBe('3')
  })
})

describe('RowSlots', () => {
  it('keeps the number of a row while it is in view and gives it to another after that', () => {
    const slots = new RowSlots()
    expect(slots.assign(['a', 'b', 'c'])).toEqual([0, 1, 2])
    expect(slots.assign(['c', 'd', 'e', 'f'])).toEqual([2, 0, 1, 3])
    expect(slots.assign(['f'])).toEqual([3])
    expect(slots.assign(['f', 'a'])).toEqual([3, 0])
  })
})
