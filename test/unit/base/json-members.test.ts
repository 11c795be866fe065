import { describe, expect, it } from 'vitest'
import { countMembers, elements, members, spanOf, spansOf, type Span } from '../../../src/main/base/json-members.ts'

const text = (json: Buffer, [start, end]: Span) => json.toString('utf8', start, end)

/** A small seeded generator: a failing text can be made again. */
function randomSource(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

function randomJson(next: (below: number) => number, depth: number): string {
  const space = () => ' \n\t\r'.slice(0, next(5)).repeat(next(2))
  const string = () => {
    const parts = ['a', '\\"', '\\\\', '\\n', '\\u0022', '{', '}', '[', ']', ',', ':', 'é', '日本', '\\u65e5', '  ']
    return `"${Array.from({ length: next(6) === 0 ? 90 : next(8) }, () => parts[next(parts.length)]).join('')}"`
  }
  const scalars = ['0', '-1.5e+10', '12345678901234567890', 'true', 'false', 'null']
  const kind = depth <= 0 ? next(2) : next(4)
  if (kind === 0) return scalars[next(scalars.length)] ?? '0'
  if (kind === 1) return string()
  const items = Array.from({ length: next(5) }, () => {
    const value = `${space()}${randomJson(next, depth - 1)}${space()}`
    return kind === 2 ? value : `${space()}${next(3) === 0 ? '"same"' : string()}${space()}:${value}`
  })
  const inner = items.length === 0 ? space() : items.join(',')
  return kind === 2 ? `[${inner}]` : `{${inner}}`
}

describe('members', () => {
  it('finds the same members as JSON.parse in random texts', () => {
    const next = randomSource(20260728)
    let objects = 0
    for (let round = 0; round < 5000; round++) {
      const source = randomJson(next, 4)
      const parsed: unknown = JSON.parse(source)
      const json = Buffer.from(source)
      if (Array.isArray(parsed)) {
        expect(elements(json).map((span) => JSON.parse(text(json, span)) as unknown)).toEqual(parsed)
      } else if (typeof parsed === 'object' && parsed !== null) {
        objects++
        const found = [...members(json)].map(([key, span]) => [key, JSON.parse(text(json, span)) as unknown])
        expect(Object.fromEntries(found)).toEqual(parsed)
        expect(spanOf(json, 'same')).toEqual(members(json).get('same'))
        expect(spanOf(json, 'a"')).toEqual(members(json).get('a"'))
        expect(spansOf(json, 'same', 'a"')).toEqual([members(json).get('same'), members(json).get('a"')])
      }
    }
    expect(objects).toBeGreaterThan(500)
  })

  it('gives exact bytes: numbers, escapes and inner white space as they came', () => {
    const json = Buffer.from('{ "n" : 12345678901234567890 ,\n"s":"\\u00e9\\/", "o":{ "a" : [ 1 , 2 ] } }')
    const found = members(json)
    const pick = (key: string) => text(json, found.get(key) ?? [0, 0])
    expect(pick('n')).toBe('12345678901234567890')
    expect(pick('s')).toBe('"\\u00e9\\/"')
    expect(pick('o')).toBe('{ "a" : [ 1 , 2 ] }')
  })

  it('takes the last of a key that stands twice, and reads escaped keys', () => {
    const json = Buffer.from('{"id":1,"\\u0069d":2,"__proto__":{"x":1}}')
    const found = members(json)
    expect(text(json, found.get('id') ?? [0, 0])).toBe('2')
    expect(text(json, found.get('__proto__') ?? [0, 0])).toBe('{"x":1}')
    expect(found.size).toBe(2)
    expect(spanOf(json, 'id')).toEqual(found.get('id'))
    expect(spansOf(json, 'id', 'params')).toEqual([found.get('id'), undefined])
    expect(spanOf(json, '\\u0069d')).toBeUndefined()
    expect(countMembers(json)).toBe(3)
  })

  it('reads an object in the middle of a text', () => {
    const json = Buffer.from('{"params":{"name":"x","arguments":{}}}')
    const params = members(json).get('params')
    expect(params).toBeDefined()
    expect([...members(json, params?.[0]).keys()]).toEqual(['name', 'arguments'])
  })

  it('finds the end of long strings with escaped quotes and backslashes at their end', () => {
    const sentence = `${'x'.repeat(60)}\\"`
    const inners = [
      'x'.repeat(2_000_000),
      '\\"'.repeat(300_000),
      `${'x'.repeat(500)}\\\\`,
      '\\\\'.repeat(33),
      sentence.repeat(1000),
      `${sentence}${'x'.repeat(1023)}\\\\`,
      `${sentence.repeat(20)}${'x'.repeat(5000)}\\"`,
    ]
    for (const inner of inners) {
      const json = Buffer.from(`{"long":"${inner}","after":1}`)
      const found = members(json)
      expect(text(json, found.get('after') ?? [0, 0])).toBe('1')
    }
  })

  it('does not recurse: 100,000 levels are walked', () => {
    const json = Buffer.from(`{"deep":${'['.repeat(100_000)}${']'.repeat(100_000)},"after":true}`)
    expect(text(json, members(json).get('after') ?? [0, 0])).toBe('true')
  })

  it('answers nothing for other kinds of values', () => {
    expect(members(Buffer.from('[1,2]')).size).toBe(0)
    expect(members(Buffer.from('"text"')).size).toBe(0)
    expect(members(Buffer.from(' {} ')).size).toBe(0)
    expect(elements(Buffer.from('{"a":[1]}'))).toEqual([])
    expect(elements(Buffer.from(' [ ] '))).toEqual([])
  })
})
