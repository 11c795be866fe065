import { describe, expect, it } from 'vitest'
import { nestsTooDeep } from '../../../src/main/base/json-depth.ts'

const nested = (depth: number, [open, close]: [string, string] = ['[', ']']) =>
  Buffer.from(`${open.repeat(depth)}${close === '}' ? '1' : ''}${close.repeat(depth)}`)

describe('how deep a JSON text nests', () => {
  it.each([
    ['arrays', ['[', ']']],
    ['objects', ['{"a":', '}']],
  ] satisfies [string, [string, string]][])('is told of %s to the level', (_, brackets) => {
    expect(nestsTooDeep(nested(10, brackets), 10)).toBe(false)
    expect(nestsTooDeep(nested(11, brackets), 10)).toBe(true)
  })

  it('does not count brackets one after the other, or in strings', () => {
    expect(nestsTooDeep(Buffer.from(JSON.stringify(Array.from({ length: 100 }, () => [{}]))), 3)).toBe(false)
    expect(nestsTooDeep(Buffer.from(JSON.stringify(['[{"'.repeat(50), '\\'.repeat(7), '['.repeat(50)])), 3)).toBe(false)
    expect(nestsTooDeep(Buffer.from(JSON.stringify(['\\"[', [[[['deep']]]]])), 4)).toBe(true)
  })

  it('ends with a text that is broken off', () => {
    expect(nestsTooDeep(Buffer.from(`${'[]'.repeat(20)}"never \\`), 3)).toBe(false)
  })

  it('knows millions of levels before anybody parses them', () => {
    expect(nestsTooDeep(nested(5_000_000))).toBe(true)
  })
})
