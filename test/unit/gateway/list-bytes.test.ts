import { describe, expect, it } from 'vitest'
import { ListBytes, type Page } from '../../../src/main/gateway/list-bytes.ts'

/** Of these texts, in pages of at most so many bytes. */
const listOf = (texts: string[], pageBytes?: number) =>
  new ListBytes(
    texts.map((text) => Buffer.from(text)),
    pageBytes === undefined ? {} : { pageBytes },
  )
const textOf = (page: Page | undefined) => page && Buffer.concat(page.array).toString()

/** Follows the cursors to the end. */
function pagesOf(list: ListBytes): string[] {
  const pages: string[] = []
  let page = list.page()
  for (;;) {
    pages.push(textOf(page) ?? 'no page')
    if (page?.nextCursor === undefined) return pages
    page = list.page(page.nextCursor)
  }
}

describe('a list of bytes', () => {
  it('is a JSON array of its texts', () => {
    expect(listOf([]).bytes.toString()).toBe('[]')
    expect(listOf(['{"a":"é"}']).bytes.toString()).toBe('[{"a":"é"}]')
    expect(listOf(['1', '"ü"', '3']).bytes.toString()).toBe('[1,"ü",3]')
  })

  it('is one page without a cursor as long as it fits', () => {
    const list = listOf(['1', '2'], 5)
    expect(list.page()).toEqual({ array: [list.bytes], nextCursor: undefined })
    expect(listOf([], 1).page(undefined)?.nextCursor).toBeUndefined()
  })

  it('is cut where a page is full, and an element that is larger alone is a page alone', () => {
    const list = listOf(['11', '22', '333333333', '4', '5'], 6)
    expect(pagesOf(list)).toEqual(['[11,22]', '[333333333]', '[4,5]'])
  })

  it('makes its pages of slices, not of copies', () => {
    const list = listOf(['11', '22', '33'], 6)
    expect(list.page()?.array[1]?.buffer).toBe(list.bytes.buffer)
  })

  it('takes an array that is there, unless it is of other texts', () => {
    const ready = Buffer.from('[1,2]')
    const texts = [Buffer.from('1'), Buffer.from('2')]
    expect(new ListBytes(texts, { ready }).bytes).toBe(ready)
    expect(new ListBytes(texts.slice(1), { ready }).bytes.toString()).toBe('[2]')
  })

  it('goes on from a cursor when the list is another one by now', () => {
    const cursor = listOf(['11', '22', '33', '44'], 6).page()?.nextCursor
    expect(textOf(listOf(['1', '2', '3'], 100).page(cursor))).toBe('[3]')
    expect(listOf(['1'], 6).page(cursor)).toBeUndefined()
  })

  it('refuses cursors that it never gave', () => {
    const list = listOf(['11', '22', '33'], 6)
    const encoded = (text: string) => Buffer.from(text).toString('base64url')
    for (const cursor of [
      '',
      'x',
      5,
      null,
      {},
      encoded('v1:3'),
      encoded('v1:-1'),
      encoded('v2:1'),
      encoded('v1:1e1'),
    ]) {
      expect(list.page(cursor)).toBeUndefined()
    }
  })
})
