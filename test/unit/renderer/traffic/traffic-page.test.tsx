import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Call } from '../../../../src/shared/contract/calls.ts'
import { integration } from '../integration-fixture.ts'
import { closeConsole, openConsole } from '../open-console.tsx'
import { call, callsDown } from './call-fixture.ts'
import { FakeCalls } from './fake-calls.ts'
import { stubResizeObserver } from '../without-layout.ts'

// jsdom draws nothing.
vi.mock('uplot', () => ({
  default: class {
    static paths = {}
    setData = vi.fn()
    setSize = vi.fn()
    redraw = vi.fn()
    destroy = vi.fn()
  },
}))

afterEach(closeConsole)

function open(path: string, log: Call[], calls: Partial<Record<keyof FakeCalls['calls'], unknown>> = {}) {
  stubResizeObserver()
  const core = new FakeCalls(log)
  const update = vi.fn(() => Promise.resolve({ ...settings, record_bodies: true }))
  openConsole(path, {
    integrations: [integration('github'), integration('billing')],
    operations: {
      calls: { ...core.calls, ...calls },
      settings: { get: () => Promise.resolve(settings), update },
    } as never,
  })
  return { core, update }
}
const settings = { record_bodies: false }
const grid = () => screen.findByRole('grid', { name: 'Calls' })
const row = async (name: RegExp) => (await screen.findAllByRole('row', { name }))[0]
const times = async () =>
  within(await grid())
    .getAllByRole('row')
    .filter((one) => one.hasAttribute('aria-selected'))
    .map((one) => one.textContent)

describe('the traffic page', () => {
  it('lists calls as they end, and counts them', async () => {
    const { core } = open('/traffic', callsDown(3, 1))
    await row(/github__create_issue/)
    screen.getByText('3 calls')
    core.tell([call(4, { tool: 'github__new', agent: null, outcome: 'tool_error' })])
    const fresh = await row(/github__new/)
    for (const words of ['Console', 'Tool error', '312 ms', '1.2 / 4.1 kB']) expect(fresh?.textContent).toContain(words)
    screen.getByText('4 calls')
  })

  it('lets nothing move under a reader, and says how many wait', async () => {
    const { core } = open('/traffic', callsDown(3, 1))
    await row(/github__create_issue/)
    const before = await times()
    await userEvent.click(screen.getByRole('button', { name: 'Pause' }))
    core.tell([call(4), call(5)])
    await screen.findByRole('button', { name: '2 new' })
    expect(await times()).toEqual(before)

    await userEvent.click(screen.getByRole('button', { name: '2 new' }))
    expect(await times()).toHaveLength(before.length + 2)
    expect(document.activeElement?.textContent).toBe('Resume')
    core.tell([call(6)])
    await userEvent.click(await screen.findByRole('button', { name: 'Resume' }))
    await waitFor(async () => expect(await times()).toHaveLength(before.length + 3))
  })

  it('holds the rows while one of them has the focus', async () => {
    const { core } = open('/traffic', callsDown(3, 1))
    const [first] = within(await grid())
      .getAllByRole('row')
      .filter((one) => one.tabIndex === 0)
    first?.focus()
    core.tell([call(4)])
    await screen.findByRole('button', { name: '1 new' })
    screen.getByLabelText('Search calls').focus()
    await waitFor(() => expect(screen.queryByRole('button', { name: '1 new' })).toBeNull())
    screen.getByText('4 calls')
  })

  it('narrows by the address, and offers a way back', async () => {
    open('/traffic?status=error&agent=cursor', [call(3), call(2, { outcome: 'error', agent: 'cursor' }), call(1)])
    await screen.findByText('1 of 3')
    expect(await times()).toHaveLength(1)
    await userEvent.type(screen.getByLabelText('Search calls'), 'nothing')
    await screen.findByText('Nothing matches.')
    await userEvent.click(screen.getByRole('button', { name: 'Clear filters' }))
    await screen.findByText('3 calls')
    expect(window.location.hash).toBe('#/traffic')
    expect(screen.getByLabelText<HTMLInputElement>('Search calls').value).toBe('')
  })

  it('opens a call by Enter and closes it by Escape, and the focus is where it was', async () => {
    open('/traffic', callsDown(3, 1))
    const list = await grid()
    const focusable = within(list)
      .getAllByRole('row')
      .find((one) => one.tabIndex === 0)
    focusable?.focus()
    await userEvent.keyboard('{ArrowDown}{Enter}')
    const pane = await screen.findByRole('region', { name: 'Call of github__create_issue' })
    await waitFor(() => expect(document.activeElement).toBe(pane))
    expect(decodeURIComponent(window.location.hash)).toBe('#/traffic?call="2"')
    await within(pane).findByRole('tab', { name: 'Timing' })
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('region', { name: /^Call of/ })).toBeNull())
    expect(document.activeElement?.getAttribute('role')).toBe('row')
    expect(document.activeElement?.getAttribute('aria-rowindex')).toBe(
      focusable?.getAttribute('aria-rowindex') === '1' ? '2' : '3',
    )
  })

  it('says that nothing was recorded, and turns it on', async () => {
    const { update } = open('/traffic?call=2', callsDown(3, 1))
    await userEvent.click(await screen.findByRole('button', { name: 'Record them' }))
    expect(update).toHaveBeenCalledWith({ record_bodies: true })
    await screen.findByText('This call was not recorded. From now on calls are, with arguments and results.')
    expect(screen.getByRole('button', { name: /^Copy as JSON-RPC/ }).getAttribute('aria-disabled')).toBe('true')
  })

  it('shows what was recorded as text, pretty or as it went', async () => {
    const request = '{"jsonrpc":"2.0","id":7,"params":{"name":"<b>x</b>"}}'
    const recorded = { ...call(2, { recorded: true }), request, response: '{"cut', truncated: true }
    open('/traffic?call=2', callsDown(3, 1), { get: () => Promise.resolve(recorded) })
    expect((await screen.findByRole('link', { name: 'Open in Playground' })).getAttribute('href')).toMatch(
      /playground\?tool=github__create_issue$/,
    )
    const shown = await screen.findByRole('region', { name: 'Request' })
    expect(shown.textContent).toBe(JSON.stringify(JSON.parse(request), null, 2))
    await userEvent.click(screen.getByRole('switch', { name: 'Pretty' }))
    expect(shown.textContent).toBe(request)
    await userEvent.click(screen.getByRole('tab', { name: 'Response' }))
    expect((await screen.findByRole('region', { name: 'Response' })).textContent).toBe('{"cut')
    screen.getByText('A long text is kept in part only.')
    expect(screen.queryByRole('switch', { name: 'Pretty' })).toBeNull()
  })

  it('asks before the log is cleared', async () => {
    open('/traffic', callsDown(3, 1))
    await row(/github__create_issue/)
    await userEvent.click(screen.getByRole('button', { name: 'Clear log' }))
    const dialog = await screen.findByRole('alertdialog')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Clear log' }))
    await screen.findByText('No calls yet. Connect an agent: every tool it calls is listed here.')
  })

  it('says what is wrong while it cannot be loaded, and that it is stale once it is lost', async () => {
    const onFire = () => Promise.reject(new Error('The disk is on fire.'))
    let follow: (filter: unknown) => Promise<unknown> = () => onFire()
    const { core } = open('/traffic', callsDown(3, 1), {
      follow: (filter: unknown, options: object) => follow(filter).catch(() => core.calls.follow(filter, options)),
    })
    await row(/github__create_issue/)
    follow = () => new Promise(() => undefined)
    core.lose(new TypeError('network error'))
    await screen.findByText('Stale: reconnecting')
    expect(await times()).toHaveLength(3)
    closeConsole()

    open('/traffic', [], { list: onFire })
    await screen.findByText('The call log could not be loaded')
    screen.getByText('The disk is on fire.')
    screen.getByRole('button', { name: 'Copy details' })
  })

  it('has one stream open while it is looked at, whatever is typed, and none after', async () => {
    const { core } = open('/traffic', callsDown(3, 1))
    await row(/github__create_issue/)
    await userEvent.type(screen.getByLabelText('Search calls'), 'create')
    await screen.findByText('3 of 3')
    await waitFor(() => expect(core.opened).toBe(1))
    window.location.hash = '/integrations'
    await waitFor(() => expect(core.opened).toBe(0))
  })
})

describe('the traffic of an integration', () => {
  it('is its own calls only, with the filters that make sense there', async () => {
    open('/integrations/github/traffic', [call(3), call(2, { integration: 'billing', tool: 'billing__pay' }), call(1)])
    await screen.findByText('2 calls')
    expect(await times()).toHaveLength(2)
    expect(screen.queryByRole('combobox', { name: 'Integration' })).toBeNull()
    expect(screen.queryByRole('button', { name: 'Clear log' })).toBeNull()
  })
})

describe('a list that is scrolled', () => {
  it('asks for older calls near its end', async () => {
    const { core } = open('/traffic', callsDown(450, 1))
    await row(/github__create_issue/)
    // jsdom has no heights of content, so every place is near the end: all pages come, one after the other.
    await waitFor(async () => expect(Number((await grid()).getAttribute('aria-rowcount'))).toBeGreaterThanOrEqual(450))
    fireEvent.scroll(await grid(), { target: { scrollTop: 4_000 } })
    core.tell([call(451)])
    await screen.findByRole('button', { name: '1 new' })
  })
})
