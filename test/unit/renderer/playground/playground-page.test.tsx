import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { checkText } from '../../../../src/renderer/schema-check/check.ts'
import type { CheckMessage, CheckRequest } from '../../../../src/renderer/schema-check/messages.ts'
import type { Tool, ToolProgress, ToolRun } from '../../../../src/shared/contract/tools.ts'
import { closeConsole, openConsole } from '../open-console.tsx'

// Nothing here is decided by time; a busy machine is slow to load a screen.

/** jsdom has no workers: the same check, one moment later. */
class SoonWorker {
  onmessage: ((event: { data: CheckMessage }) => void) | null = null
  onerror = null
  postMessage({ id, schema, text }: CheckRequest): void {
    queueMicrotask(() => this.onmessage?.({ data: { id, started: false, check: checkText(schema, text) } }))
  }
  terminate(): void {
    this.onmessage = null
  }
}

beforeEach(() => vi.stubGlobal('Worker', SoonWorker))
afterEach(() => {
  vi.unstubAllGlobals()
  closeConsole()
})

const tool = (name: string, input_schema: unknown, more: Partial<Tool> = {}): Tool => ({
  name,
  gateway_name: `demo__${name}`,
  integration: 'demo',
  title: null,
  description: '',
  input_schema,
  tokens: 1,
  annotations: {},
  state: 'allowed',
  change: null,
  flags: [],
  ...more,
})
const run = (changes: Partial<ToolRun>): ToolRun => ({
  result: null,
  result_json: null,
  error: null,
  duration_ms: 12,
  request_bytes: 50,
  response_bytes: 4_100,
  ...changes,
})
const says = (text: string, more: object = {}) => run({ result: { content: [{ type: 'text', text }], ...more } })

const echo = tool('echo', {
  type: 'object',
  properties: { message: { type: 'string' }, times: { type: 'integer' } },
  required: ['message'],
})
const all = [
  tool('add', { type: 'object', properties: { a: { type: 'number' } } }),
  echo,
  tool('now', { type: 'object' }),
]

interface Asked {
  name: string
  arguments_json?: string | undefined
}

/** The playground over a core that answers calls with `answer`. */
function open({
  path = '/playground',
  tools = all,
  answer = () => says('done'),
}: { path?: string; tools?: Tool[]; answer?: (asked: Asked) => ToolRun | Promise<ToolRun> } = {}) {
  const asked: Asked[] = []
  const { stores } = openConsole(path, {
    operations: {
      tools: {
        list: () => Promise.resolve({ items: tools, next_cursor: null }),
        get: ({ gateway_name: name }: { gateway_name: string }) => {
          const found = tools.find(({ gateway_name }) => gateway_name === name)
          return found ? Promise.resolve(found) : Promise.reject(new Error('unknown'))
        },
        run: ((call: Asked) => {
          asked.push(call)
          async function* told(): AsyncGenerator<ToolProgress, ToolRun> {
            return await answer(call)
          }
          return Promise.resolve(told())
        }) as never,
      },
    },
  })
  return { asked, stores }
}

const callKey = () => userEvent.keyboard('{Control>}{Enter}{/Control}')
const result = () => screen.getByRole('region', { name: 'Result' })
const message = async () => await screen.findByLabelText<HTMLTextAreaElement>('message')

describe('with the keyboard alone', () => {
  it('a tool is found, filled in and called, and its result is announced', async () => {
    const { asked } = open({ answer: () => says('Echo: Hello') })
    const search = await screen.findByLabelText('Search tools')
    await waitFor(() => expect(document.activeElement).toBe(search))
    await screen.findByText('echo')
    await userEvent.keyboard('ech{Enter}')
    const field = await message()
    await waitFor(() => expect(document.activeElement).toBe(field))
    await userEvent.keyboard('Hello')
    await callKey()
    await within(result()).findByText('Echo: Hello')
    expect(asked).toEqual([{ name: 'demo__echo', arguments_json: '{"message":"Hello"}' }])
    await waitFor(() =>
      expect(screen.getByRole('status', { name: 'Call' }).textContent).toBe('demo__echo answered after 12 ms, 4.1 kB.'),
    )
  })

  it('the open tool is called also from the search, in which Enter alone opens another', async () => {
    const { asked } = open({ path: '/playground?tool=demo__echo' })
    await userEvent.type(await message(), 'Hello')
    await userEvent.click(screen.getByLabelText('Search tools'))
    await callKey()
    await within(result()).findByText('done')
    expect(asked).toEqual([{ name: 'demo__echo', arguments_json: '{"message":"Hello"}' }])
  })
})

describe('what the schema objects to', () => {
  it('is told before the call, at its field, and the call can be made all the same', async () => {
    const { asked } = open({ path: '/playground?tool=demo__echo' })
    const field = await message()
    await callKey()
    const alert = await screen.findByRole('alert')
    expect(alert.textContent).toContain('message: Required.')
    expect(document.activeElement).toBe(field)
    expect(asked).toEqual([])
    await userEvent.click(within(alert).getByRole('button', { name: 'Call anyway' }))
    await within(result()).findByText('done')
    expect(asked[0]?.arguments_json).toBe('{}')
  })

  it('is told while somebody types, except for what is not there yet', async () => {
    const { stores } = open({ path: '/playground?tool=demo__echo' })
    await userEvent.type(await screen.findByLabelText('times'), '1.5')
    await screen.findByText('This is of the type number, expected "integer".')
    expect(screen.queryByText('Required.')).toBeNull()
    expect(stores.playground.getState().history).toEqual([])
  })

  it('does not matter to what is not a number at all', async () => {
    const { asked } = open({ path: '/playground?tool=demo__echo' })
    await userEvent.type(await screen.findByLabelText('times'), 'x')
    await callKey()
    expect((await screen.findByRole('alert')).textContent).toContain('times is not finished.')
    expect(screen.queryByRole('button', { name: 'Call anyway' })).toBeNull()
    expect(asked).toEqual([])
  })
})

describe('form and JSON', () => {
  it('are two views of one value', async () => {
    const { stores, asked } = open({ path: '/playground?tool=demo__echo' })
    const field = await message()
    stores.playground.getState().setDraft('demo__echo', { from: 'text', text: '{"x": 1.0, "message": "a"}' })
    await waitFor(() => expect(field.value).toBe('a'))
    await userEvent.type(field, 'b')
    await callKey()
    await within(result()).findByText('done')
    expect(asked[0]?.arguments_json).toBe('{"x":1.0,"message":"ab"}')
  })

  it('wait for each other where the JSON cannot be read, and lose nothing', async () => {
    const { stores, asked } = open({ path: '/playground?tool=demo__echo' })
    await message()
    const text = '{"message": "a",}'
    stores.playground.getState().setDraft('demo__echo', { from: 'text', text })
    await screen.findByText(/The form waits until the JSON can be read: line 1, column 16/)
    await callKey()
    expect((await screen.findByRole('alert')).textContent).toContain('Line 1, column 16')
    expect(asked).toEqual([])
    expect(stores.playground.getState().drafts.get('demo__echo')).toEqual({ from: 'text', text })
    // The way to what is wrong.
    expect(screen.getByRole('tab', { name: 'JSON' }).getAttribute('aria-selected')).toBe('true')
  })

  it('keep what was entered while another tool is looked at', async () => {
    open({ path: '/playground?tool=demo__echo' })
    await userEvent.type(await message(), 'kept')
    await userEvent.click(screen.getByRole('row', { name: /^now/ }))
    await screen.findByText('This tool takes no arguments.')
    await userEvent.click(screen.getByRole('row', { name: /^echo/ }))
    expect((await message()).value).toBe('kept')
  })
})

describe('a result', () => {
  it('in which the tool reports a failure is told from an error of the call', async () => {
    open({ path: '/playground?tool=demo__now', answer: () => says('The disk is full.', { isError: true }) })
    await screen.findByText('This tool takes no arguments.')
    await callKey()
    await within(result()).findByText('The disk is full.')
    within(result()).getByText('Tool failed')
    within(result()).getByText(/The tool itself reports a failure/)
  })

  it('that is an error shows its code, its words and its data', async () => {
    const error = { code: -32050, message: 'Not today', data: { retry_after: 60 } }
    open({ path: '/playground?tool=demo__now', answer: () => run({ error }) })
    await screen.findByText('This tool takes no arguments.')
    await callKey()
    await within(result()).findByText('Not today')
    expect(within(result()).getAllByText('Error -32050')).toHaveLength(2)
    expect(within(result()).getByLabelText('Data of the error').textContent).toContain('"retry_after": 60')
  })

  it('is checked by the schema that the tool promises', async () => {
    const promised = tool('now', { type: 'object' }, { output_schema: { properties: { id: { type: 'integer' } } } })
    open({
      path: '/playground?tool=demo__now',
      tools: [promised],
      answer: () => run({ result: { content: [], structuredContent: { id: 'seven' } } }),
    })
    await screen.findByText('This tool takes no arguments.')
    await callKey()
    await userEvent.click(await screen.findByRole('tab', { name: 'Structured' }))
    await screen.findByText('Does not match the output schema of the tool: 1 problem')
    expect(result().textContent).toContain('id: This is of the type string, expected "integer".')
  })

  it('of markup and long text stays text, and not all of it is on screen at once', async () => {
    const hostile = `<img src="x" onerror="1">\u202E[a](javascript:1)`
    open({ path: '/playground?tool=demo__now', answer: () => says(hostile + 'x'.repeat(100_000)) })
    await screen.findByText('This tool takes no arguments.')
    await callKey()
    await within(result()).findByRole('button', { name: 'Show all' })
    expect(result().querySelectorAll('img, a')).toHaveLength(0)
    within(result()).getByText('U+202E')
    expect(result().textContent.length).toBeLessThan(30_000)
    within(result()).getByText(/20,000 of 100,0\d\d characters/)
  })
})

describe('past calls', () => {
  it('come back with their arguments and their result, and are made again', async () => {
    const { asked } = open({
      path: '/playground?tool=demo__echo',
      answer: ({ arguments_json: json }) => says(`answer to ${json ?? ''}`),
    })
    const field = await message()
    await userEvent.type(field, 'one')
    await callKey()
    await within(result()).findByText('answer to {"message":"one"}')
    await userEvent.clear(field)
    await userEvent.type(field, 'two')
    await callKey()
    await within(result()).findByText('answer to {"message":"two"}')

    const history = screen.getByRole('region', { name: 'History' })
    const [, first] = within(history).getAllByTitle('Show its arguments and its result')
    if (!first) throw new Error('two calls are remembered')
    await userEvent.click(first)
    await waitFor(() => expect(field.value).toBe('one'))
    within(result()).getByText('answer to {"message":"one"}')

    const [menu] = within(history).getAllByRole('button', { name: /^More for the call/ })
    if (!menu) throw new Error('each has a menu')
    await userEvent.click(menu)
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Run again' }))
    await waitFor(() => expect(asked).toHaveLength(3))
    expect(asked[2]?.arguments_json).toBe('{"message":"two"}')
  })
})

it('a tool that agents do not see says why, and cannot be called', async () => {
  open({ path: '/playground?tool=demo__now', tools: [tool('now', { type: 'object' }, { state: 'in_disabled_tools' })] })
  await screen.findByText("Agents do not see this tool: blocked by the integration's tool filter.")
  expect(screen.getByRole('button', { name: /^Call tool/ }).getAttribute('aria-disabled')).toBe('true')
})
