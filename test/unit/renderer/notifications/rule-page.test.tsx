import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import {
  errorsOfRule,
  emptyRule,
  draftOfRule,
  ruleOfDraft,
  tryableOf,
} from '../../../../src/renderer/features/notifications/rule-draft.ts'
import type { NewRule, Rule } from '../../../../src/shared/contract/rules.ts'
import { event } from '../incidents/incident-fixture.ts'
import { closeConsole, openConsole } from '../open-console.tsx'
import { channel, pageOf, rule } from './notice-fixture.ts'

afterEach(closeConsole)

const previewed = {
  event: event('e1', { title: 'Checkout is down' }),
  decision: {
    rule_id: '',
    rule_name: 'Mine',
    matched: true,
    because: 'severity high is at least info',
    channels: [
      { channel_id: 'c1', channel_name: 'On call', outcome: 'queued' as const, because: '', delivery_id: 'none' },
    ],
  },
  messages: [
    {
      channel_id: 'c1',
      at: '2026-11-24T14:00:00.000Z',
      preview: { content_type: 'text/plain', text: 'Opened: Checkout is down', body: '' },
    },
  ],
}

function open(path: string, rules: Rule[] = []) {
  const preview = vi.fn((_: { rule: NewRule }) => Promise.resolve({ examined: 12, matched: 1, items: [previewed] }))
  const create = vi.fn((wanted: Rule) => Promise.resolve({ ...rule('made', wanted.name), ...wanted }))
  const update = vi.fn((wanted: Rule) => Promise.resolve({ ...rule(wanted.id, wanted.name), ...wanted }))
  openConsole(path, {
    operations: {
      channels: { list: () => pageOf([channel('c1', 'On call')]) },
      rules: { list: () => pageOf(rules), preview, create, update },
    } as never,
  })
  return { preview, create, update }
}

describe('the time that a rule is muted until', () => {
  it('is typed key by key: what is over on the way to it takes nothing away', async () => {
    open('/notifications/rules/new')
    await userEvent.click(await screen.findByRole('button', { name: 'For 8 h' }))
    const field = screen.getByLabelText<HTMLInputElement>('Mute until')
    act(() => field.focus())
    fireEvent.change(field, { target: { value: '0002-12-01T08:00' } })
    expect(field.value).toBe('0002-12-01T08:00')
    screen.getByText('That time is over: nothing is muted.')
    fireEvent.change(field, { target: { value: '2999-12-01T08:00' } })
    screen.getByText(/^Muted until/)
    act(() => field.blur())
    expect(field.value).toBe('2999-12-01T08:00')
  })
})

describe('a new rule', () => {
  it('shows what it would have made of the last events while it is written, and is added', async () => {
    const { preview, create } = open('/notifications/rules/new')
    await screen.findByText('Of the last 12 events 1 would have matched.', undefined, { timeout: 5_000 })
    await userEvent.click(screen.getByRole('button', { name: 'Add rule' }))
    screen.getByText('Enter a name.')
    expect(document.activeElement).toBe(screen.getByLabelText('Name'))
    await userEvent.type(screen.getByLabelText('Name'), 'Mine')
    await userEvent.click(screen.getByLabelText(/^On call/))
    await userEvent.click(screen.getByRole('button', { name: 'Add condition' }))
    expect(document.activeElement).toBe(screen.getByLabelText('Label of condition 1'))
    await userEvent.keyboard('team')
    await userEvent.selectOptions(screen.getByLabelText('Comparison of team'), '=~')
    await userEvent.type(screen.getByLabelText('Value of team'), 'core|web')
    await userEvent.selectOptions(screen.getByLabelText('Send'), 'Wait 30 s for others')
    await userEvent.type(screen.getByLabelText('One notice for each'), 'service, cluster')
    await waitFor(() => expect(preview.mock.lastCall?.[0].rule.grouping.by).toEqual(['service', 'cluster']))

    const events = screen.getByRole('list', { name: 'Events' })
    await userEvent.click(within(events).getByRole('button', { name: /Checkout is down/ }))
    within(events).getByText('severity high is at least info')
    expect(within(events).getByRole('group', { name: 'Message to On call' }).textContent).toBe(
      'Opened: Checkout is down',
    )
    // It was never made: there is nothing to look at.
    expect(within(events).queryByRole('link')).toBeNull()

    await userEvent.click(screen.getByRole('button', { name: 'Add rule' }))
    await waitFor(() => expect(window.location.hash).toBe('#/notifications/rules'))
    expect(create.mock.lastCall?.[0]).toEqual({
      name: 'Mine',
      enabled: true,
      when: { types: ['incident'], min_severity: 'info', matchers: [{ label: 'team', op: '=~', value: 'core|web' }] },
      channels: ['c1'],
      grouping: { by: ['service', 'cluster'], wait_s: 30, repeat_s: 0 },
      quiet: null,
      muted_until: null,
    })
  })

  it('asks before what was typed is left', async () => {
    open('/notifications/rules/new')
    await userEvent.type(await screen.findByLabelText('Name'), 'Mine')
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }))
    const dialog = await screen.findByRole('alertdialog', { name: 'Leave without saving?' })
    await userEvent.click(within(dialog).getByRole('button', { name: 'Leave' }))
    await waitFor(() => expect(window.location.hash).toBe('#/notifications/rules'))
  })
})

describe('a rule that is there', () => {
  it('is changed under its own id, and copied under a new name', async () => {
    const { update } = open('/notifications/rules/r1', [
      rule('r1', 'Core', { grouping: { by: [], wait_s: 45, repeat_s: 0 } }),
    ])
    expect((await screen.findByLabelText<HTMLSelectElement>('Send')).selectedOptions[0]?.textContent).toBe(
      'Wait 45 s for others',
    )
    await userEvent.click(screen.getByRole('button', { name: 'For 1 h' }))
    await userEvent.click(screen.getByRole('button', { name: 'Save rule' }))
    await waitFor(() => expect(update).toHaveBeenCalledOnce())
    expect(update.mock.lastCall?.[0].id).toBe('r1')
    expect(Date.parse(update.mock.lastCall?.[0].muted_until ?? '')).toBeGreaterThan(Date.now() + 3_500_000)
    closeConsole()

    open('/notifications/rules/new?copy=r1', [rule('r1', 'Core')])
    expect((await screen.findByLabelText<HTMLInputElement>('Name')).value).toBe('Core copy')
  })
})

describe('the draft of a rule', () => {
  const quiet = {
    time_zone: 'Europe/Berlin',
    ranges: [{ days: ['mon' as const], from: '22:00', to: '07:00' }],
    except_severity: null,
  }

  it('comes out as it went in', () => {
    const stored = rule('r', 'Night', { quiet, grouping: { by: ['service'], wait_s: 30, repeat_s: 3600 } })
    const { id: _id, preset: _preset, created_at: _created, updated_at: _updated, ...given } = stored
    expect(ruleOfDraft(draftOfRule(stored))).toEqual(given)
  })

  it.each([
    [{ name: '' }, 'name', 'Enter a name.'],
    [{ types: [] }, 'when.types', 'Choose what it is about.'],
    [{ matchers: [{ label: '', op: '=' as const, value: '' }] }, 'when.matchers.0.label', 'Enter a label.'],
    [{ isQuiet: true, time_zone: 'Mars' }, 'quiet.time_zone', 'Use a time zone such as Europe/Berlin.'],
    [
      { isQuiet: true, ranges: [{ days: ['mon' as const], from: '9', to: '10:00' }] },
      'quiet.ranges.0.from',
      'Use a time such as 22:00.',
    ],
  ])('names the field at fault: %o', (changes, path, message) => {
    expect(errorsOfRule({ ...emptyRule(), name: 'x', ...changes })[path]).toBe(message)
  })

  it('can be tried while a condition is only begun, and not with other faults', () => {
    const begun = { ...emptyRule(), matchers: [{ label: '', op: '=' as const, value: 'core' }] }
    expect(tryableOf(begun)?.matchers).toEqual([])
    expect(tryableOf({ ...begun, types: [] })).toBeUndefined()
  })

  it('keeps what is switched off out of what is sent', () => {
    expect(ruleOfDraft({ ...emptyRule(), isQuiet: false, time_zone: 'Mars' }).quiet).toBeNull()
  })
})
