import { describe, expect, it, vi } from 'vitest'
import { ArgumentCheck } from '../../../src/main/rest/arguments/argument-check.ts'
import { parseExact, writeJson } from '../../../src/main/rest/exact-numbers.ts'
import { type JsonSchema, RestTool, type RestToolInput } from '../../../src/shared/contract/rest.ts'

const tool = (parameters: RestToolInput['parameters'], more: Partial<RestToolInput> = {}) =>
  RestTool.parse({ name: 't', method: 'GET', path: '/x', parameters, ...more })

const check = new ArgumentCheck()
const parameter = (name: string, schema: JsonSchema, more: object = {}) => ({
  name,
  in: 'query' as const,
  schema,
  ...more,
})
const fit = async (schema: JsonSchema, value: unknown) =>
  writeJson((await check.fit(tool([parameter('a', schema)]), { a: value })).a)

describe('arguments that fit', () => {
  it.each([
    [{ type: 'integer' }, 5, '5'],
    [{ type: 'integer' }, '5', '5'],
    [{ type: 'number' }, '1.5', '1.5'],
    [{ type: 'integer' }, '12345678901234567890', '12345678901234567890'],
    [{ type: 'boolean' }, 'false', 'false'],
    [{ type: 'string' }, 5, '"5"'],
    [{ type: 'string' }, true, '"true"'],
    [{ type: 'array', items: { type: 'integer' } }, '[1,2]', '[1,2]'],
    [{ type: 'array', items: { type: 'integer' } }, '7', '[7]'],
    [{ type: 'object', properties: { n: { type: 'integer' } } }, '{"n":"3"}', '{"n":3}'],
    [{ oneOf: [{ type: 'number' }, { type: 'integer' }] }, 3, '3'],
    [{ type: 'string', pattern: '[\\w-.]+' }, 'a.b', '"a.b"'],
    [{ type: 'string', pattern: '(' }, 'any', '"any"'],
    [{ type: 'string', format: 'int65' }, 'any', '"any"'],
    [{ type: 'whatever', required: true }, 'any', '"any"'],
    [{ $ref: '#/$defs/Missing' }, 'any', '"any"'],
  ])('by %j: %j', async (schema, given, sent) => {
    expect(await fit(schema, given)).toBe(sent)
  })

  it('keep numbers that no double holds', async () => {
    const args = parseExact('{"a":{"n":12345678901234567890,"m":["1"]}}') as Record<string, unknown>
    const schema = { properties: { n: { type: 'integer' }, m: { type: 'array', items: { type: 'integer' } } } }
    const fitting = await check.fit(tool([parameter('a', schema)]), args)
    expect(writeJson(fitting)).toBe('{"a":{"n":12345678901234567890,"m":[1]}}')
  })

  it('may be null where they may be left out', async () => {
    expect(await check.fit(tool([parameter('a', { type: 'string' })]), { a: null })).toStrictEqual({})
  })

  it('have the defaults of a tool made by hand, and of an imported one where there has to be a value', async () => {
    const parameters = [
      parameter('a', { type: 'integer', default: 1 }),
      parameter('b', { type: 'integer', default: 2 }, { required: true }),
    ]
    expect(await check.fit(tool(parameters), {})).toStrictEqual({ a: 1, b: 2 })
    const operation = { path: '/x', method: 'GET' }
    expect(await check.fit(tool(parameters, { operation }), {})).toStrictEqual({ b: 2 })
    expect(await check.fit(tool(parameters), { a: 5, b: 6 })).toStrictEqual({ a: 5, b: 6 })
  })

  it('may be called as what every object has', async () => {
    const args = JSON.parse('{"__proto__":{"x":1},"constructor":2}') as Record<string, unknown>
    const named = tool([parameter('constructor', { type: 'integer' }), parameter('__proto__', {})])
    expect(JSON.stringify(await check.fit(named, args))).toBe('{"__proto__":{"x":1},"constructor":2}')
    expect(({} as { x?: unknown }).x).toBeUndefined()
  })
})

describe('arguments that do not fit', () => {
  const misfit = (schema: JsonSchema, value: unknown) => check.fit(tool([parameter('a', schema)]), { a: value })

  it.each([
    [{ type: 'integer' }, 'five', 'a: must be an integer, not "five".'],
    [{ type: 'integer' }, 1.5, 'a: must be an integer, not 1.5.'],
    [{ type: ['string', 'null'] }, {}, 'a: must be a string or null, not {}.'],
    [{ anyOf: [{ type: 'integer' }, { type: 'boolean' }] }, 'x', /^a: must be an integer or a boolean, not "x"\.$/m],
    [{ enum: ['open', 'closed'] }, 'shut', 'a: must be one of open, closed, not "shut".'],
    [{ const: 3 }, 4, 'a: must be 3, not 4.'],
    [{ type: 'integer', maximum: 100 }, 500, 'a: must be <= 100, but is 500.'],
    [{ type: 'object', required: ['id'] }, {}, 'a.id: is required.'],
    [{ items: { required: ['id'] } }, [{ id: 1 }, {}], 'a[1].id: is required.'],
    [{ type: 'object', properties: {}, additionalProperties: false }, { b: 1 }, 'a.b: is not a field of this object.'],
    [{ type: 'string', format: 'date' }, 'tomorrow', 'a: must match format "date", but is "tomorrow".'],
    [{ type: 'string', pattern: '^[a-z]+$' }, 'A1', 'a: must match pattern "^[a-z]+$", but is "A1".'],
  ])('by %j: %j', async (schema, given, message) => {
    await expect(misfit(schema, given)).rejects.toThrow(message)
  })

  it('are told what there is', async () => {
    const named = tool([parameter('limit', {}), parameter('key', {}, { constant: 1 })])
    await expect(check.fit(named, { limt: 1 })).rejects.toThrow('limt: There is no such argument. It takes: limit.')
    await expect(check.fit(tool([parameter('a', {}, { required: true })]), {})).rejects.toThrow('a: is required.')
  })

  it('are told no more than can be read', async () => {
    const many = Array.from({ length: 500 }, () => 'x'.repeat(1_000))
    const failure: unknown = await misfit({ items: { type: 'integer' } }, many).catch((error: unknown) => error)
    expect((failure as Error).message.length).toBeLessThan(3_000)
    expect((failure as Error).message).toContain('490 more problems.')
  })
})

describe('patterns that take years', () => {
  const text = `${'a'.repeat(50_000)}!`
  it.each(['(a+)+$', '(a|a)*$', '^(\\w+\\s?)*$', 'a*a*a*a*a*b', '(.*)*\\1x', '(?=(a+)+$)a', '(a{1,90}){1,90}$'])(
    'are stopped: %s',
    async (pattern) => {
      const many = Array.from({ length: 50 }, () => text)
      const named = tool([parameter('a', { items: { type: 'string', pattern } })])
      await check.fit(named, { a: ['a'] }).catch(() => undefined)
      // Without the guard: longer than anyone would wait.
      await check.fit(named, { a: many })
    },
  )

  it.each([
    [`^${'a?'.repeat(40)}${'a'.repeat(40)}$`, 'a'.repeat(39)],
    [`^${'(?:a|a)'.repeat(40)}b$`, 'a'.repeat(40)],
    [`^${'a{0,40}'.repeat(8)}b$`, 'a'.repeat(400)],
    ['['.repeat(100_000), 'a'],
  ])('need no loop for that', async (pattern, text) => {
    const named = tool([parameter('a', { type: 'string', pattern })])
    await check.fit(named, { a: '-' }).catch(() => undefined)
    const startedAt = performance.now()
    expect(await check.fit(named, { a: text })).toStrictEqual({ a: text })
    expect(performance.now() - startedAt).toBeLessThan(1_000)
  })

  it('hold up nothing by their number either', async () => {
    const named = tool([parameter('a', { items: { type: 'string', pattern: '^(\\w+-)*\\w+$' }, uniqueItems: true })])
    const many = Array.from({ length: 50_000 }, (_, index) => `a-${index}`)
    // Without the budget it takes longer than the test may: a third of a millisecond for each.
    expect(await check.fit(named, { a: many })).toStrictEqual({ a: many })
  })

  it('still judge what they can', async () => {
    const named = tool([parameter('a', { type: 'string', pattern: '^(\\w+-)*\\w+$' })])
    expect(await check.fit(named, { a: 'a-b' })).toStrictEqual({ a: 'a-b' })
    // On a machine that is too busy to run anything for a while everything fits, until the next time.
    await vi.waitFor(async () => {
      await expect(new ArgumentCheck().fit(named, { a: 'a-b-' })).rejects.toThrow('must match pattern')
    }, 5_000)
  })
})

describe('schemas that take years', () => {
  const twice = (name: string) => ({ allOf: [{ $ref: `#/$defs/${name}` }, { $ref: `#/$defs/${name}` }] })
  const chain = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`D${index}`, twice(`D${index + 1}`)]))
  const $defs = { ...chain, D40: { type: 'string' }, Self: { allOf: [{ $ref: '#/$defs/Self' }] } }

  it.each(['D0', 'Self'])('are stopped, and the API judges: %s', async (name) => {
    const named = tool([parameter('a', { $ref: `#/$defs/${name}` })], { $defs })
    expect(await check.fit(named, { a: 'x' })).toStrictEqual({ a: 'x' })
    const output_schema = { type: 'object', properties: { a: { $ref: `#/$defs/${name}` } } }
    expect(await check.outputFault(tool([], { $defs, output_schema }), { a: 'x' })).toBeUndefined()
  })

  it('are not all that lead to themselves', async () => {
    const Tree = { type: 'object', properties: { id: { type: 'integer' }, of: { $ref: '#/$defs/Tree' } } }
    const named = tool([parameter('a', { $ref: '#/$defs/Tree' })], { $defs: { Tree } })
    expect(await check.fit(named, { a: { id: '1', of: { id: 2 } } })).toStrictEqual({ a: { id: 1, of: { id: 2 } } })
    // On a machine that is too busy to run anything for a while everything fits, until the next time.
    await vi.waitFor(async () => {
      await expect(new ArgumentCheck().fit(named, { a: { of: { id: 'x' } } })).rejects.toThrow('a.of.id: must be')
    }, 5_000)
  })
})

describe('arguments that are large', () => {
  const numbers = parameter('a', { type: 'array', items: { type: 'integer' } })

  it('are put right in one go', async () => {
    const given = Array.from({ length: 40_000 }, (_, index) => String(index))
    // With a copy of all for each of them: longer than the test may.
    expect(await check.fit(tool([numbers]), { a: given })).toStrictEqual({ a: given.map(Number) })
    expect(given[1]).toBe('1')
  })

  it('are not judged here above a limit', async () => {
    const given = Array.from({ length: 60_000 }, () => true)
    expect(await check.fit(tool([numbers]), { a: given })).toStrictEqual({ a: given })
  })

  it('are no structure where a text nests too deep to be one', async () => {
    const text = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    expect(await check.fit(tool([numbers]), { a: text }).catch(String)).toContain('a: must be an array')
  })
})

describe('answers', () => {
  const described = tool([], {
    output_schema: { type: 'object', required: ['id'], properties: { id: { type: 'integer' } } },
  })

  it('may have less and more than was said', async () => {
    expect(await check.outputFault(described, { other: 1 })).toBeUndefined()
  })

  it('may be something else', async () => {
    expect(await check.outputFault(described, { id: 'x' })).toBe('id must be integer')
    expect(await check.outputFault(described, [])).toBe('it must be object')
    expect(await check.outputFault(tool([]), 'anything')).toBeUndefined()
  })
})
