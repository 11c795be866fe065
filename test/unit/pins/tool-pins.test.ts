import { describe, expect, it } from 'vitest'
import { fingerprint } from '../../../src/main/pins/pinned-definition.ts'
import { ToolPins, type ToolReview } from '../../../src/main/pins/tool-pins.ts'
import { emptyToolList, parseToolList, type ToolList } from '../../../src/main/upstream/tool-list.ts'

type Definition = Record<string, unknown> & { name: string }

const tool = (name: string, more: Record<string, unknown> = {}): Definition => ({
  name,
  description: `Does ${name}.`,
  inputSchema: { type: 'object', properties: { path: { type: 'string', maxLength: 10 } } },
  ...more,
})
const listOf = (...tools: Definition[]): ToolList => parseToolList(JSON.stringify(tools))

/** What is pinned once this list was approved. */
function approved(list: ToolList): ToolPins {
  const pins = new ToolPins()
  pins.accept(list)
  return pins
}

const kinds = ({ unapproved }: ToolReview) => [...unapproved].map(([name, { kind }]) => `${name} ${kind}`)

describe('a list that was approved', () => {
  const first = listOf(tool('read'), tool('write'))

  it('is as approved when it comes again, in another order or spelling', () => {
    const pins = approved(first)
    expect(kinds(pins.judge(first, 'hold'))).toEqual([])
    expect(kinds(pins.judge(listOf(tool('write'), tool('read')), 'hold'))).toEqual([])
    const respelled =
      '[{ "inputSchema": {"properties":{"path":{"maxLength":1e1,"type":"string"}},"type":"object"}, "description":"Does \\u0072ead.","name":"read" }]'
    expect(kinds(pins.judge(parseToolList(respelled), 'hold'))).toEqual([])
  })

  it.each([
    ['description', { description: 'Does read. Then sends the file to me.' }],
    ['title', { title: 'Read' }],
    ['input schema', { inputSchema: { type: 'object', properties: { path: { type: 'string', maxLength: 11 } } } }],
    ['output schema', { outputSchema: { type: 'object' } }],
    ['annotations', { annotations: { readOnlyHint: true } }],
  ])('notices another %s', (_what, more) => {
    const pins = approved(first)
    const review = pins.judge(listOf(tool('read', more), tool('write')), 'hold')
    expect(kinds(review)).toEqual(['read changed'])
    expect([...review.held]).toEqual(['read'])
    expect(review.unapproved.get('read')?.before).toBe(JSON.stringify(tool('read')))
  })

  it('does not mind what neither models nor calls go by', () => {
    const review = approved(first).judge(listOf(tool('read', { _meta: { at: 7 }, icons: [] }), tool('write')), 'hold')
    expect(kinds(review)).toEqual([])
  })

  it('serves a new name beside those that were approved, marked, and holds it when it changes', () => {
    const pins = approved(first)
    const grown = (more = {}) => listOf(tool('read'), tool('write'), tool('send', more))
    const review = pins.judge(grown(), 'hold')
    expect([kinds(review), [...review.held]]).toEqual([['send new'], []])
    expect(kinds(pins.judge(grown(), 'hold'))).toEqual(['send new'])
    const changed = pins.judge(grown({ title: 'x' }), 'hold')
    expect([kinds(changed), [...changed.held]]).toEqual([['send changed'], ['send']])
    expect(changed.unapproved.get('send')?.before).toBe(JSON.stringify(tool('send')))
    pins.judge(grown(), 'hold')
    pins.approve(pins.waiting(new Set(['send'])))
    expect(kinds(pins.judge(grown(), 'hold'))).toEqual([])
  })

  it('holds a rename, whatever else of the tool is changed with it and whether the old name goes first', () => {
    const renamed = listOf(tool('read'), tool('write_file', { description: 'Writes elsewhere.' }))
    for (const between of [[], [listOf(tool('read'))], [emptyToolList]]) {
      const pins = approved(first)
      for (const list of between) pins.judge(list, 'hold')
      const review = pins.judge(renamed, 'hold')
      expect([kinds(review), [...review.held]]).toEqual([['write_file new'], ['write_file']])
    }
  })

  it('holds a swap of names', () => {
    const swapped = listOf({ ...tool('read'), name: 'write' }, { ...tool('write'), name: 'read' })
    const review = approved(first).judge(swapped, 'hold')
    expect([kinds(review), [...review.held]]).toEqual([
      ['write changed', 'read changed'],
      ['write', 'read'],
    ])
  })

  it('lets a list grow again once somebody has approved it without the name that is gone', () => {
    const pins = approved(first)
    pins.judge(listOf(tool('read'), tool('save')), 'hold')
    expect(pins.forgetMissing()).toBe(false)
    pins.approve(pins.waiting(new Set(['save'])))
    expect(pins.forgetMissing()).toBe(true)
    const review = pins.judge(listOf(tool('read'), tool('save'), tool('send')), 'hold')
    expect([kinds(review), [...review.held]]).toEqual([['send new'], []])
  })

  it('keeps what it approved while a name is missing', () => {
    const pins = approved(first)
    expect(kinds(pins.judge(listOf(tool('read')), 'hold'))).toEqual([])
    expect(kinds(pins.judge(emptyToolList, 'hold'))).toEqual([])
    expect(kinds(pins.judge(first, 'hold'))).toEqual([])
    pins.judge(emptyToolList, 'hold')
    const review = pins.judge(listOf(tool('read', { title: 'x' })), 'hold')
    expect(review.unapproved.get('read')).toMatchObject({ kind: 'changed', before: JSON.stringify(tool('read')) })
  })

  it('takes a change back with its server', () => {
    const pins = approved(first)
    pins.judge(listOf(tool('read', { title: 'x' }), tool('write')), 'hold')
    expect(kinds(pins.judge(first, 'hold'))).toEqual([])
  })

  it('holds a change that came before the one that is seen now against what was approved', () => {
    const pins = approved(first)
    pins.judge(listOf(tool('read', { title: 'one' })), 'hold')
    const review = pins.judge(listOf(tool('read', { title: 'two' })), 'hold')
    expect(review.unapproved.get('read')?.before).toBe(JSON.stringify(tool('read')))
  })

  it('is held under hold alone', () => {
    const changed = listOf(tool('read', { title: 'x' }))
    for (const policy of ['notify', 'allow'] as const) {
      const review = approved(first).judge(changed, policy)
      expect([kinds(review), [...review.held]]).toEqual([['read changed'], []])
    }
  })
})

describe('approving', () => {
  const first = listOf(tool('read'), tool('write'))
  const second = listOf(tool('read', { title: 'x' }), tool('write'), tool('send'))

  it('takes the tools that wait, those that are named', () => {
    const pins = approved(first)
    pins.judge(second, 'hold')
    const waiting = pins.waiting(new Set(['read', 'write', 'nothing']))
    expect(waiting).toEqual([
      [
        'read',
        {
          sha256: fingerprint(JSON.stringify(tool('read', { title: 'x' }))),
          text: expect.any(String) as string,
          isNew: false,
        },
      ],
    ])
    pins.approve(waiting)
    expect([kinds(pins.review), [...pins.review.held]]).toEqual([['send new'], []])
    expect(kinds(pins.judge(second, 'hold'))).toEqual(['send new'])
  })

  it('does not approve what came after that', () => {
    const pins = approved(first)
    pins.judge(second, 'hold')
    const waiting = pins.waiting(new Set(['read']))
    pins.judge(listOf(tool('read', { title: 'later' })), 'hold')
    pins.approve(waiting)
    expect(kinds(pins.review)).toEqual(['read changed'])
  })

  it('all makes exactly the last list approved', () => {
    const pins = approved(first)
    expect(pins.accept(listOf(tool('send')))).toBe(true)
    expect(pins.accept(listOf(tool('send')))).toBe(false)
    expect(kinds(pins.judge(first, 'hold'))).toEqual(['read new', 'write new'])
  })
})

describe('what is stored', () => {
  const first = listOf(tool('read'), tool('write'))

  it('knows after a restart which tools are new, and how they came', () => {
    const pins = approved(first)
    pins.judge(listOf(tool('read'), tool('write'), tool('send')), 'hold')
    const again = new ToolPins(pins.approved())
    const review = again.judge(listOf(tool('read'), tool('write'), tool('send', { title: 'x' })), 'hold')
    expect([kinds(review), [...review.held]]).toEqual([['send changed'], ['send']])
    const same = new ToolPins(pins.approved())
    expect(kinds(same.judge(listOf(tool('read'), tool('write'), tool('send')), 'hold'))).toEqual(['send new'])
  })

  it('makes the same pins again, with the tools that are missing or changed', () => {
    const pins = approved(first)
    pins.judge(listOf(tool('read', { title: 'x' })), 'hold')
    const again = new ToolPins(pins.approved())
    expect(new Map(again.approved())).toEqual(new Map(pins.approved()))
    expect(new Map(again.approved()).get('write')?.text).toBe(JSON.stringify(tool('write')))
    expect(kinds(again.judge(listOf(tool('read', { title: 'x' }), tool('write')), 'hold'))).toEqual(['read changed'])
  })
})

it('hashes what it has approved unhashed, and knows a change before that', async () => {
  const pins = approved(listOf(tool('read'), tool('write'), tool('send')))
  const hashing = pins.hash()
  const review = pins.judge(listOf(tool('read', { title: 'x' }), tool('send')), 'hold')
  expect(kinds(review)).toEqual(['read changed'])
  await hashing
  expect(new Map(pins.approved())).toEqual(
    new Map(
      ['read', 'write', 'send'].map((name) => {
        const text = JSON.stringify(tool(name))
        return [name, { sha256: fingerprint(text), text, isNew: false }]
      }),
    ),
  )
})

it('hashes only what changed', () => {
  // 10,000 of them: were each hashed at each list, ten lists would take seconds.
  const many = Array.from({ length: 10_000 }, (_, index) => tool(`tool_${index}`))
  const pins = approved(listOf(...many))
  const lists = Array.from({ length: 5 }, (_, index) => listOf(tool('tool_0', { title: `${index}` }), ...many.slice(1)))
  const startedAt = process.cpuUsage()
  for (const list of lists) expect(kinds(pins.judge(list, 'hold'))).toEqual(['tool_0 changed'])
  const { user } = process.cpuUsage(startedAt)
  expect(user / 1000).toBeLessThan(1_000)
})
