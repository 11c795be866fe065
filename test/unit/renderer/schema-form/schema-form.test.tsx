import { cleanup, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useCallback, useMemo, useState } from 'react'
import { afterEach, describe, expect, it } from 'vitest'
import { parseJson } from '../../../../src/renderer/json/parse.ts'
import { printJson } from '../../../../src/renderer/json/print.ts'
import type { JsonValue } from '../../../../src/renderer/json/value.ts'
import { readSchema } from '../../../../src/renderer/ui/schema-form/read-schema.ts'
import { SchemaForm } from '../../../../src/renderer/ui/schema-form/schema-form.tsx'

afterEach(cleanup)

function Form({ schema, start, tell }: { schema: unknown; start: JsonValue; tell: (value: JsonValue) => void }) {
  const field = useMemo(() => readSchema(schema), [schema])
  const [value, setValue] = useState(start)
  const change = useCallback((next: (value: JsonValue) => JsonValue) => setValue(next), [])
  tell(value)
  return <SchemaForm label="Arguments" field={field} value={value} onChange={change} />
}

/** Shows the form of a schema; answers what its value is by now, on one line. */
function show(schema: unknown, start = '{}'): () => string {
  const parsed = parseJson(start)
  if (parsed.fault) throw new Error(parsed.fault.message)
  let now: JsonValue = parsed.value
  render(<Form schema={schema} start={parsed.value} tell={(value) => (now = value)} />)
  return () => printJson(now, 0)
}

const object = (properties: object, required: string[] = []) => ({ type: 'object', properties, required })
const field = (label: string) => screen.getByLabelText<HTMLInputElement>(label)
const button = (name: string) => screen.getByRole('button', { name })

describe('texts and numbers', () => {
  it('are what was typed', async () => {
    const now = show(object({ id: { type: 'integer' }, rate: { type: 'number' }, city: { type: 'string' } }))
    await userEvent.type(field('id'), '12345678901234567890')
    await userEvent.type(field('rate'), '1.0')
    await userEvent.type(field('city'), 'Os"lo')
    expect(now()).toBe('{"id":12345678901234567890,"rate":1.0,"city":"Os\\"lo"}')
  })

  it('stay while they are half typed, and say so', async () => {
    const now = show(object({ rate: { type: 'number' } }))
    await userEvent.type(field('rate'), '-1.')
    expect(field('rate').value).toBe('-1.')
    screen.getByText('This is not a number.')
    await userEvent.type(field('rate'), '5')
    expect(now()).toBe('{"rate":-1.5}')
    expect(screen.queryByText('This is not a number.')).toBeNull()
  })

  it('are taken away when they are emptied, unless a text has to be there', async () => {
    const now = show(
      object({ a: { type: 'string' }, b: { type: 'string' }, n: { type: 'integer' } }, ['b', 'n']),
      '{"a":"x","b":"y","n":1}',
    )
    for (const label of ['a', 'b', 'n']) await userEvent.clear(field(label))
    expect(now()).toBe('{"b":""}')
    expect(field('b').placeholder).toBe('empty text')
  })

  it('keep what the form does not know, in its place', async () => {
    const now = show(object({ a: { type: 'string' } }), '{"x":[1.0],"a":"1","__proto__":{"y":2}}')
    await userEvent.type(field('a'), '2')
    expect(now()).toBe('{"x":[1.0],"a":"12","__proto__":{"y":2}}')
    expect(screen.getByText(/Not in the schema, kept as it is/).textContent).toContain('x, __proto__')
  })

  it('have one line, except with Shift or where they are long', async () => {
    const now = show(object({ a: { type: 'string' }, b: { type: 'string', maxLength: 5_000 } }))
    await userEvent.type(field('a'), 'x{Enter}y{Shift>}{Enter}{/Shift}z')
    await userEvent.type(field('b'), 'x{Enter}y')
    expect(now()).toBe('{"a":"xy\\nz","b":"x\\ny"}')
  })

  it('can be null', async () => {
    const now = show(object({ due: { type: ['string', 'null'], format: 'date-time' } }))
    await userEvent.click(button('due is null'))
    expect(now()).toBe('{"due":null}')
    expect(field('due').placeholder).toBe('null')
    await userEvent.type(field('due'), 'now')
    expect(now()).toBe('{"due":"now"}')
    expect(button('due is null').getAttribute('aria-pressed')).toBe('false')
  })

  it('of a hundred thousand characters are not laid out', () => {
    show(object({ a: { type: 'string' } }), JSON.stringify({ a: 'x'.repeat(200_000) }))
    expect(document.querySelector('textarea')).toBeNull()
    screen.getByText('200,000 characters.')
  })

  it('that are secret are hidden until they are asked for', async () => {
    show(object({ key: { type: 'string', format: 'password' } }), '{"key":"s3cret"}')
    expect(field('key').type).toBe('password')
    await userEvent.click(button('Show key'))
    expect(field('key').type).toBe('text')
  })
})

describe('choices', () => {
  it('keep the type of the value', async () => {
    const now = show(object({ size: { enum: ['1', 1, true] }, loud: { type: 'boolean' } }))
    await userEvent.selectOptions(field('size'), '1')
    expect(now()).toBe('{"size":1}')
    await userEvent.selectOptions(field('size'), '"1"')
    await userEvent.click(within(screen.getByRole('radiogroup', { name: 'loud' })).getByLabelText('false'))
    expect(now()).toBe('{"size":"1","loud":false}')
    await userEvent.selectOptions(field('size'), 'Not set')
    await userEvent.click(within(screen.getByRole('radiogroup', { name: 'loud' })).getByLabelText('Not set'))
    expect(now()).toBe('{}')
  })

  it('of shapes bring their own fields', async () => {
    const now = show(
      object({
        find: {
          oneOf: [
            { title: 'By name', required: ['by'], properties: { by: { const: 'name' }, name: { type: 'string' } } },
            { title: 'By id', required: ['by'], properties: { by: { const: 'id' }, id: { type: 'integer' } } },
          ],
        },
      }),
    )
    await userEvent.selectOptions(field('find'), 'By name')
    await userEvent.type(field('name'), 'x')
    expect(now()).toBe('{"find":{"by":"name","name":"x"}}')
    await userEvent.selectOptions(field('find'), 'By id')
    await userEvent.type(field('id'), '7')
    expect(now()).toBe('{"find":{"by":"id","id":7}}')
  })
})

describe('lists', () => {
  it('are added to, moved and removed from, and the focus follows', async () => {
    const now = show(object({ tags: { type: 'array', items: { type: 'string' }, maxItems: 3 } }))
    for (const tag of ['a', 'b', 'c']) {
      await userEvent.click(button('Add item to tags'))
      await userEvent.keyboard(tag)
    }
    expect(now()).toBe('{"tags":["a","b","c"]}')
    expect(
      screen.getByRole('button', { name: /^Add item to tags ?\(3 at most\)$/ }).getAttribute('aria-disabled'),
    ).toBe('true')
    await userEvent.click(button('Move tags 3 up'))
    expect(now()).toBe('{"tags":["a","c","b"]}')
    await userEvent.keyboard('{Enter}')
    expect(now()).toBe('{"tags":["c","a","b"]}')
    expect(document.activeElement).toBe(button('Move tags 1 down'))
    await userEvent.click(button('Remove tags 3'))
    expect(document.activeElement).toBe(button('Remove tags 2'))
    await userEvent.keyboard('{Enter}{Enter}')
    expect(now()).toBe('{"tags":[]}')
    expect(document.activeElement).toBe(button('Add item to tags'))
    await userEvent.click(button('Remove tags'))
    expect(now()).toBe('{}')
  })

  it('of many items are shown by the page', async () => {
    show(
      object({ list: { type: 'array', items: { type: 'integer' } } }),
      JSON.stringify({ list: Array.from({ length: 2_000 }, (_, n) => n) }),
    )
    expect(screen.getAllByRole('textbox')).toHaveLength(50)
    await userEvent.click(button('Show 50 more of 2,000'))
    expect(screen.getAllByRole('textbox')).toHaveLength(100)
  })
})

describe('objects', () => {
  it('inside others are added and removed', async () => {
    const home = object({ street: { type: 'string', default: 'Main' } })
    const now = show(object({ home, work: object({ floor: { type: 'integer' } }) }, ['work']))
    await userEvent.type(field('floor'), '3')
    await userEvent.click(button('Add home'))
    expect(now()).toBe('{"work":{"floor":3},"home":{"street":"Main"}}')
    await userEvent.click(button('Remove home'))
    expect(now()).toBe('{"work":{"floor":3}}')
  })

  it('of 500 properties show what has to be given, and the rest when it is asked for', async () => {
    const properties = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`field_${index}`, { type: 'string' }]),
    )
    const now = show(object(properties, ['field_1', 'field_2']), '{"field_9":"x"}')
    expect(screen.getAllByRole('textbox')).toHaveLength(3)
    await userEvent.click(button('Show 497 optional fields'))
    await userEvent.type(screen.getByLabelText('Find an optional field'), '_499')
    await userEvent.type(field('field_499'), 'y')
    expect(now()).toBe('{"field_9":"x","field_499":"y"}')
  })
})

describe('what no form shows', () => {
  it('is JSON, also when only the value is not as the schema says', async () => {
    const now = show(object({ n: { type: 'integer' }, any: {}, s: { type: 'string' } }), '{"n":"many","any":[1.0]}')
    expect(screen.getByRole('group', { name: 'n' }).textContent).toContain('its value is not what the schema says')
    expect(screen.getByRole('group', { name: 'any' }).textContent).toContain('its schema does not say what it is')
    await userEvent.type(field('s'), 'x')
    expect(now()).toBe('{"n":"many","any":[1.0],"s":"x"}')
  })

  it('may be all of it', () => {
    show(true, '[1]')
    expect(screen.getByRole('group', { name: 'arguments' }).textContent).toContain('any value is allowed')
  })
})
