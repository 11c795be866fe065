import { describe, expect, it } from 'vitest'
import { type Check, checkText } from '../../../../src/renderer/schema-check/check.ts'

const findings = (schema: unknown, value: unknown): Record<string, string> => {
  const check = checkText(schema, JSON.stringify(value))
  if (!check.checked) throw new Error(check.reason)
  return Object.fromEntries(check.findings.map(({ pointer, message }) => [pointer, message]))
}
const refusal = (check: Check) => (check.checked ? undefined : check.reason)

describe('checkText', () => {
  it('finds nothing in what is valid, and allows anything where there is no schema', () => {
    expect(findings({ type: 'object', properties: { a: { type: 'integer' } } }, { a: 1, b: 2 })).toEqual({})
    for (const schema of [true, undefined, null, 'nonsense']) expect(findings(schema, { any: 1 })).toEqual({})
    expect(findings(false, 1)).toEqual({ '': 'The schema allows no value here.' })
  })

  it('says at each place what is wrong there', () => {
    const schema = {
      type: 'object',
      required: ['a/b', 'city'],
      additionalProperties: false,
      properties: {
        city: { type: 'string', minLength: 3 },
        'a/b': {},
        days: { type: 'integer', minimum: 1 },
        unit: { enum: ['c', 'f'] },
        at: { type: 'string', format: 'date' },
        zip: { type: 'string', pattern: '^\\d+$' },
        list: { type: 'array', items: { type: 'string' }, maxItems: 2 },
        'ø 50%#': { type: 'boolean' },
      },
    }
    const value = {
      city: 'x',
      days: 'two',
      unit: 'k',
      at: '2026-02-30',
      zip: 'a1',
      list: ['a', 1, 2],
      'ø 50%#': 1,
      no: 1,
    }
    expect(findings(schema, value)).toEqual({
      '/a~1b': 'Required.',
      '/city': 'String is too short (1 < 3).',
      '/days': 'This is of the type string, expected "integer".',
      '/unit': 'Not one of the values that are allowed.',
      '/at': 'Not a valid date.',
      '/zip': 'Does not match the pattern.',
      '/list': 'Array has too many items (3 > 2).',
      '/list/1': 'This is of the type number, expected "string".',
      '/list/2': 'This is of the type number, expected "string".',
      '/ø 50%#': 'This is of the type number, expected "boolean".',
      '/no': 'The schema does not allow this here.',
    })
  })

  it('tells one thing about a union', () => {
    const union = { anyOf: [{ type: 'string' }, { type: 'null' }] }
    expect(findings(union, 1)).toEqual({ '': 'This is of the type number, expected "string".' })
    expect(findings({ oneOf: [{ minimum: 1 }, { minimum: 2 }] }, 3)).toEqual({
      '': 'Fits several of the shapes that are allowed, not just one.',
    })
  })

  it('follows references in the schema, circles included, and none out of it', () => {
    const tree = {
      $ref: '#/$defs/node',
      $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' }, value: { type: 'integer' } } } },
    }
    expect(findings(tree, { next: { next: { value: 'x' } } })).toEqual({
      '/next/next/value': 'This is of the type string, expected "integer".',
    })
    expect(refusal(checkText({ $ref: 'http://127.0.0.1:9/schema.json' }, '1'))).toMatch(/^The schema cannot be used: /)
  })

  it('passes over patterns that are no regular expressions, and keeps the rest of the check', () => {
    const schema = {
      type: 'object',
      patternProperties: { '(': { type: 'string' }, '^n': { type: 'integer' } },
      properties: { pattern: { type: 'string', pattern: '(?<' }, zip: { type: 'string', pattern: '[', minLength: 2 } },
    }
    expect(findings(schema, { pattern: 'x', zip: '1', n1: 'x' })).toEqual({
      '/zip': 'String is too short (1 < 2).',
      '/n1': 'This is of the type string, expected "integer".',
    })
    expect(findings({ const: { pattern: '(' } }, { pattern: '(' })).toEqual({})
  })

  it('reads the older drafts as they were meant', () => {
    const limit = (draft: string) => ({ $schema: draft, type: 'integer', minimum: 1, exclusiveMinimum: true })
    expect(findings(limit('http://json-schema.org/draft-04/schema#'), 1)).not.toEqual({})
    const tuple = { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'string' }] }
    expect(findings(tuple, [1])).toEqual({ '/0': 'This is of the type number, expected "string".' })
  })

  it('reads a member that is named like the prototype', () => {
    const schema = JSON.parse('{"properties":{"__proto__":{"type":"string"}}}') as unknown
    expect(checkText(schema, '{"__proto__":{"x":1}}')).toMatchObject({ checked: true })
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })

  it('reports a hundred places at most', () => {
    const value = Array.from({ length: 1_000 }, (_, index) => index)
    expect(Object.keys(findings({ items: { type: 'string' } }, value))).toHaveLength(100)
  })
})
