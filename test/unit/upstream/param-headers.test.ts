import { describe, expect, it } from 'vitest'
import { headerValue, paramHeaders, paramHeaderValues } from '../../../src/main/upstream/param-headers.ts'

const declared = { type: 'string', 'x-mcp-header': 'Region' }

function headersOf(schema: Record<string, unknown>) {
  const found = paramHeaders(schema)
  if (!found.valid) throw new Error(found.reason)
  return found.headers
}

describe('x-mcp-header declarations', () => {
  it('are found at any depth of properties', () => {
    const schema = {
      properties: { region: declared, where: { properties: { zone: { ...declared, 'x-mcp-header': 'Zone' } } } },
    }
    expect(headersOf(schema)).toEqual(
      expect.arrayContaining([
        { header: 'Region', path: ['region'] },
        { header: 'Zone', path: ['where', 'zone'] },
      ]),
    )
  })

  it.each([
    ['at the root', { 'x-mcp-header': 'A', type: 'object' }],
    ['inside items', { properties: { list: { type: 'array', items: declared } } }],
    ['inside anyOf', { anyOf: [{ properties: { a: declared } }] }],
    ['inside $defs', { $defs: { a: declared } }],
    ['with a space', { properties: { a: { ...declared, 'x-mcp-header': 'a b' } } }],
    ['with a line break', { properties: { a: { ...declared, 'x-mcp-header': 'a\r\nX: 1' } } }],
    ['that are empty', { properties: { a: { ...declared, 'x-mcp-header': '' } } }],
    ['that are numbers', { properties: { a: { ...declared, 'x-mcp-header': 1 } } }],
    ['on a number', { properties: { a: { ...declared, type: 'number' } } }],
    ['on an object', { properties: { a: { ...declared, type: 'object' } } }],
    ['on no type', { properties: { a: { 'x-mcp-header': 'A' } } }],
    ['that stand twice', { properties: { a: declared, b: { ...declared, 'x-mcp-header': 'REGION' } } }],
  ])('%s are refused', (_case, schema) => {
    expect(paramHeaders(schema).valid).toBe(false)
  })

  it('are no declarations inside data', () => {
    expect(
      headersOf({ default: { 'x-mcp-header': '' }, properties: { a: { enum: [{ 'x-mcp-header': '' }] } } }),
    ).toEqual([])
  })

  it('are looked for without recursion and in linear time', () => {
    let nested: Record<string, unknown> = declared
    for (let level = 0; level < 50_000; level++) nested = { properties: { a: nested } }
    expect(paramHeaders(nested).valid).toBe(false)
  })
})

describe('header values of a call', () => {
  it('are those of primitive arguments that are there', () => {
    const headers = ['a', 'b', 'c', 'd', 'e'].map((key) => ({ header: key, path: [key] }))
    expect(paramHeaderValues(headers, { a: 'x', b: true, c: 4.5, d: null, e: { toString: 'no' } })).toEqual({
      'Mcp-Param-a': 'x',
      'Mcp-Param-b': 'true',
      'Mcp-Param-c': '4.5',
    })
    expect(paramHeaderValues(headers, undefined)).toEqual({})
    expect(paramHeaderValues([{ header: 'a', path: ['constructor', 'name'] }], {})).toEqual({})
  })

  it.each([
    ['list_issues', 'list_issues'],
    ['two words', 'two words'],
    ['grün', '=?base64?Z3LDvG4=?='],
    ['a\r\nX-Evil: 1', '=?base64?YQ0KWC1FdmlsOiAx?='],
    [' padded ', '=?base64?IHBhZGRlZCA=?='],
    ['', '=?base64??='],
    ['=?base64?eA==?=', '=?base64?PT9iYXNlNjQ/ZUE9PT89?='],
  ])('encode %j', (text, expected) => {
    expect(headerValue(text)).toBe(expected)
  })
})
