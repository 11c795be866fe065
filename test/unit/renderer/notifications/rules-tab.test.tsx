import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Channel } from '../../../../src/shared/contract/channels.ts'
import type { Rule } from '../../../../src/shared/contract/rules.ts'
import { connection, integration } from '../integration-fixture.ts'
import { closeConsole, openConsole } from '../open-console.tsx'
import { channel, health, pageOf, rule } from './notice-fixture.ts'

afterEach(closeConsole)

function open(channels: Channel[], rules: Rule[], operations: { rules?: object; channels?: object } = {}) {
  const create = vi.fn((wanted: Partial<Rule>) => Promise.resolve(rule('made', wanted.name ?? '', wanted)))
  const update = vi.fn(({ id, ...changes }: Partial<Rule> & { id: string }) =>
    Promise.resolve({
      ...(rules.find((one) => one.id === id) ?? rule(id, 'HIGH incidents only', { preset: 'high_incidents' })),
      ...changes,
    }),
  )
  const slack = integration('slack', { source: 'system', mcp: null, connection: connection('needs_setup') })
  const opened = openConsole('/notifications/rules', {
    integrations: [slack],
    operations: {
      channels: { list: () => pageOf(channels), ...operations.channels },
      rules: { list: () => pageOf(rules), create, update, ...operations.rules },
    } as never,
  })
  return { ...opened, create, update }
}

const ops = channel('c1', 'On call')
const mail = channel('c2', 'Mail', { kind: 'email', health: health('unknown') })

describe('the presets', () => {
  it('tell a channel by one click: the first makes the rule, the next changes it, the last leaves it without', async () => {
    const { create, update } = open([ops, mail], [])
    const high = await screen.findByRole('checkbox', { name: 'HIGH incidents only to On call' })
    await userEvent.click(high)
    await waitFor(() => expect(create).toHaveBeenCalledOnce())
    expect(create.mock.lastCall?.[0]).toEqual({
      preset: 'high_incidents',
      name: 'HIGH incidents only',
      when: { types: ['incident'], min_severity: 'high', matchers: [] },
      channels: ['c1'],
    })
    await waitFor(() => expect((high as HTMLInputElement).checked).toBe(true))
    await userEvent.click(screen.getByRole('checkbox', { name: 'HIGH incidents only to Mail' }))
    await waitFor(() => expect(update).toHaveBeenCalledWith({ id: 'made', channels: ['c1', 'c2'] }))
    await userEvent.click(high)
    await waitFor(() => expect(update).toHaveBeenLastCalledWith({ id: 'made', channels: ['c2'] }))
  })

  it('make one rule however fast somebody clicks', async () => {
    let answer = (): void => undefined
    const slow = vi.fn(
      (wanted: Partial<Rule>) =>
        new Promise<Rule>((resolve) => (answer = () => resolve(rule('made', 'All incidents', wanted)))),
    )
    const { update } = open([ops, mail], [], { rules: { create: slow } })
    const box = (name: string) => screen.getByRole<HTMLInputElement>('checkbox', { name: `All incidents to ${name}` })
    await screen.findByRole('checkbox', { name: 'All incidents to On call' })
    await userEvent.click(box('On call'))
    await userEvent.click(box('Mail'))
    expect([box('On call').checked, box('Mail').checked]).toEqual([true, true])
    answer()
    await waitFor(() => expect(update).toHaveBeenCalledWith({ id: 'made', channels: ['c1', 'c2'] }))
    expect(slow).toHaveBeenCalledOnce()
  })

  it('go back to what is true when the core refuses', async () => {
    open([ops], [], { rules: { create: () => Promise.reject(new Error('The disk is full.')) } })
    const box = await screen.findByRole<HTMLInputElement>('checkbox', { name: 'All incidents to On call' })
    await userEvent.click(box)
    await screen.findAllByText('All incidents was not changed')
    await waitFor(() => expect(box.checked).toBe(false))
  })

  it('show what is wrong with a channel, and the way to set up what is not', async () => {
    const failing = channel('c3', 'Broken', {
      health: health('failing', { last_error: { code: 'http_503', message: 'The receiver is down.' } }),
    })
    open([failing], [])
    const head = await screen.findByRole('link', { name: /^Failing since/ })
    expect(head.getAttribute('href')).toContain('/notifications/deliveries?channel=c3')
    expect(screen.getByRole('link', { name: 'Set up Slack' }).getAttribute('href')).toContain('/integrations/slack')
    expect(screen.getByRole('link', { name: 'Add a channel: Email' }).getAttribute('href')).toContain('kind=email')
  })

  it('say what to do first, and are there again when it is done', async () => {
    open([], [], { channels: { create: () => Promise.resolve(ops) } })
    await screen.findByText(/^Nobody is told of anything yet: add a channel/)
    await userEvent.click(screen.getByRole('link', { name: 'Add a channel: Webhook' }))
    await userEvent.type(await screen.findByLabelText('URL'), 'https://hooks.example.com/x')
    await userEvent.click(screen.getByText('Not signed'))
    await userEvent.click(screen.getByRole('button', { name: /^Add channel/ }))
    await screen.findByRole('checkbox', { name: 'HIGH incidents only to On call' })
    screen.getByText('Tick what each channel is to be told.')
  })

  it('say how a channel is now, not how it was when they were opened', async () => {
    let waits = 3
    const list = () =>
      pageOf([channel('c1', 'Ops', { kind: 'slack', health: health(waits > 0 ? 'ok' : 'needs_setup') })])
    const { stores } = open([], [], { channels: { list } })
    await screen.findByText(/^OK /)
    waits = 0
    stores.deliveries.getState().changed({ waiting: 0, retrying: 0, failed: 0 })
    await screen.findByRole('link', { name: 'Set up Slack' })
  })

  it('send a test, and say how it ended', async () => {
    const test = vi.fn(() =>
      Promise.resolve({ ok: true, message: 'Delivered in 310 ms.', error: null, duration_ms: 310 }),
    )
    open([ops], [], { channels: { test } })
    await userEvent.click(await screen.findByRole('button', { name: 'Send test to On call' }))
    await screen.findByText('Delivered in 310 ms.')
    expect(test).toHaveBeenCalledWith({ id: 'c1' })
  })
})

describe('own rules', () => {
  const core = rule('r1', 'Core team', {
    when: { types: ['incident'], min_severity: 'high', matchers: [{ label: 'team', op: '=', value: 'core' }] },
    channels: ['c1'],
    grouping: { by: [], wait_s: 30, repeat_s: 3600 },
  })

  it('say in words what they do', async () => {
    open([ops], [core])
    const list = await screen.findByRole('list', { name: 'Rules' })
    within(list).getByText('Incident · High and worse · team = core')
    within(list).getByText('To On call · waits 30 s for others · again every 1 h')
  })

  it('are switched off, and deleted after a question', async () => {
    const remove = vi.fn(() => Promise.resolve())
    const { update } = open([ops], [core], { rules: { remove } })
    await userEvent.click(await screen.findByRole('switch', { name: 'Enable Core team' }))
    expect(update).toHaveBeenCalledWith({ id: 'r1', enabled: false })
    await userEvent.click(screen.getByRole('button', { name: 'Menu of Core team' }))
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Delete…' }))
    expect(remove).not.toHaveBeenCalled()
    await userEvent.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Delete' }))
    await screen.findByText(/^None yet\. A rule of your own/)
    expect(remove).toHaveBeenCalledWith({ id: 'r1' })
  })
})

it('a rule that can not work says why', async () => {
  open([ops], [rule('r1', 'Database', { problem: 'Its pattern can not be read, so it matches nothing.' })])
  const row = await screen.findByRole('listitem')
  expect(within(row).getByText('Its pattern can not be read, so it matches nothing.')).toBeTruthy()
})
