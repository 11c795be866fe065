import { describe, expect, it } from 'vitest'
import { parseJson } from '../../../../src/renderer/json/parse.ts'
import { firstUnfinished, pointerTo, valueAt, withValueAt } from '../../../../src/renderer/json/pointer.ts'
import { isLongerThan, printJson } from '../../../../src/renderer/json/print.ts'
import { fromPlain, JsonNumber, type JsonValue, numberFrom, sameValue } from '../../../../src/renderer/json/value.ts'

function read(text: string): JsonValue {
  const { value, fault } = parseJson(text)
  if (fault) throw new Error(`${fault.message} at ${fault.line}:${fault.column}`)
  return value
}

const again = (text: string, indent = 0) => printJson(read(text), indent)

describe('what JSON.parse would change', () => {
  it.each([
    ['a whole number beyond 2^53', '{"id":12345678901234567890}'],
    ['a fraction that is zero', '[1.0,-0,1E400,0.1000000000000000055511151231257827]'],
    ['names that look like numbers', '{"b":1,"10":2,"2":3}'],
    ['a name that is a prototype', '{"__proto__":{"x":1},"constructor":null}'],
    ['half of a surrogate pair', '"\\ud800"'],
  ])('is kept: %s', (_what, text) => {
    expect(again(text)).toBe(text)
  })

  it('reads everything else as JSON.parse does', () => {
    const text = ' {"a" : [ true,false , null, {} , [ ] ],"q":"\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041é😀","n":-1.5e+3 } \n'
    expect(JSON.parse(again(text))).toEqual(JSON.parse(text))
    expect(again(text, 2)).toBe(JSON.stringify(JSON.parse(text), null, 2).replace('-1500', '-1.5e+3'))
  })
})

it('a value is known to be long without writing it', () => {
  const value = read('{"a":["xxxxxxxxxx",1.25,null],"b":{"c":true}}')
  expect(isLongerThan(value, 30)).toBe(true)
  expect(isLongerThan(value, 100)).toBe(false)
})

describe('a text that is not JSON', () => {
  it.each([
    ['', 1, 1, 'A value is missing at the end'],
    ['{"a": 1,}', 1, 8, 'Nothing follows the comma before }'],
    ['[1 2]', 1, 4, 'Expected a comma or ]'],
    ['{\n  city: 1\n}', 2, 3, 'Expected a name in double quotes'],
    ['{\n  "city" Oslo', 2, 10, 'Expected a colon after the name'],
    ['{"city": Oslo}', 1, 10, 'Oslo is no JSON value: texts stand in double quotes'],
    ['[01]', 1, 2, '01 is no JSON value: texts stand in double quotes'],
    ['[1.]', 1, 2, '1. is no JSON value: texts stand in double quotes'],
    ['[NaN]', 1, 2, 'NaN is no JSON value: texts stand in double quotes'],
    ['"a\nb"', 1, 3, 'A line break or control character in a text is written as \\n or \\u0000'],
    ['"C:\\x"', 1, 4, '\\x means nothing in JSON: write \\\\ for a backslash'],
    ['"open', 1, 6, 'The closing quote of this text is missing'],
    ['{"a":1,\n"a":2}', 2, 1, '"a" is there twice'],
    ['{} {}', 1, 4, 'The JSON ends before this: remove the rest'],
    ['[1', 1, 3, 'Expected a comma or ]'],
  ])('%j says where and why', (text, line, column, message) => {
    expect(parseJson(text).fault).toMatchObject({ line, column, message })
  })

  it('may be nested without end', () => {
    expect(parseJson('['.repeat(100_000)).fault?.message).toBe('Nested deeper than 500 levels')
    expect(parseJson('['.repeat(400) + ']'.repeat(400)).fault).toBeUndefined()
  })
})

describe('a value', () => {
  const root = read('{"a":{"b/c":[1,2,3],"~":true},"z":[]}')

  it('is found and set by pointer, and shares all that did not change', () => {
    const pointer = pointerTo(pointerTo('/a', 'b/c'), 1)
    expect(pointer).toBe('/a/b~1c/1')
    expect(valueAt(root, pointer)).toEqual(new JsonNumber('2'))
    expect(valueAt(root, '/a/~0')).toBe(true)
    expect(valueAt(root, '/nothing/here')).toBeUndefined()
    const next = withValueAt(root, pointer, 'two')
    expect(printJson(next, 0)).toBe('{"a":{"b/c":[1,"two",3],"~":true},"z":[]}')
    expect(valueAt(next, '/z')).toBe(valueAt(root, '/z'))
    expect(printJson(root, 0)).toBe('{"a":{"b/c":[1,2,3],"~":true},"z":[]}')
  })

  it('loses a member that is set to undefined, and gains the objects on the way to one', () => {
    expect(printJson(withValueAt(root, '/a', undefined), 0)).toBe('{"z":[]}')
    expect(printJson(withValueAt(root, '/a/b~1c/0', undefined), 0)).toBe('{"a":{"b/c":[2,3],"~":true},"z":[]}')
    expect(printJson(withValueAt(read('{}'), '/x/y', null), 0)).toBe('{"x":{"y":null}}')
    expect(printJson(withValueAt(read('{}'), '/__proto__/x', true), 0)).toBe('{"__proto__":{"x":true}}')
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it('tells where it is unfinished, and is printed with that as it was typed', () => {
    const unfinished = withValueAt(root, '/a/b~1c/2', numberFrom('1.'))
    expect(firstUnfinished(unfinished)).toBe('/a/b~1c/2')
    expect(firstUnfinished(root)).toBeUndefined()
    expect(printJson(unfinished, 0)).toBe('{"a":{"b/c":[1,2,1.],"~":true},"z":[]}')
  })

  it.each(['1', '-0', '1.0', '1e5', '12345678901234567890'])('%s is a number', (text) => {
    expect(numberFrom(text)).toEqual(new JsonNumber(text))
  })

  it.each(['', '-', '1.', '+1', '01', '0x1', '1 ', 'Infinity', '١'])('%j is no number yet', (text) => {
    expect(numberFrom(text)).toMatchObject({ finished: false, text })
  })

  it('comes from a plain one, and equals what is alike', () => {
    const plain = { a: [1, 'x', null, true, { b: 2.5 }] }
    expect(printJson(fromPlain(plain), 0)).toBe(JSON.stringify(plain))
    expect(sameValue(fromPlain(plain), fromPlain(structuredClone(plain)))).toBe(true)
    expect(sameValue(fromPlain({ a: 1 }), fromPlain({ a: 2 }))).toBe(false)
    expect(sameValue(fromPlain([1, 2]), fromPlain([1]))).toBe(false)
    expect(sameValue(fromPlain('1'), fromPlain(1))).toBe(false)
  })
})
