import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { IncidentDetail, IncidentFilter } from '../../../../src/shared/contract/incidents.ts'
import { timeWords } from '../../../../src/renderer/ui/words.ts'
import { closeConsole, openConsole } from '../open-console.tsx'
import { delivery, entry, event, incident, pageOf } from './incident-fixture.ts'

afterEach(closeConsole)

const counts = { open: 2, acknowledged: 0, resolved: 1 }
const log = [
  incident(3, { severity: 'critical', title: 'Checkout is down' }),
  incident(2, { severity: 'low', title: 'Disk is filling up' }),
  incident(1, { status: 'resolved', resolved_at: '2026-11-24T14:12:00.000Z', title: 'Old news' }),
]
const detail = (changes: Partial<IncidentDetail> = {}): IncidentDetail => ({
  ...incident(3, { severity: 'critical', title: 'Checkout is down' }),
  timeline: [entry('t1', { event_id: 'e1' })],
  ...changes,
})

function open(path: string, operations: object = {}) {
  const list = vi.fn(({ status, query }: IncidentFilter & { limit: number }) =>
    pageOf(
      log.filter((one) => (status ?? one.status) === one.status && one.title.includes(query ?? '')),
      counts,
    ),
  )
  const opened = openConsole(path, {
    operations: {
      incidents: { list, get: () => Promise.resolve(detail()) },
      events: { list: () => pageOf([event('e1')], {}) },
      deliveries: { list: () => pageOf([], { waiting: 0, retrying: 0, failed: 0 }) },
      ...operations,
    } as never,
  })
  return { ...opened, list }
}
const grid = () => screen.findByRole('grid', { name: 'Incidents' })
const titles = async () =>
  within(await grid())
    .getAllByRole('row')
    .map((row) => row.textContent)

describe('the incidents', () => {
  it('are listed newest first with severity and status in words, and counted', async () => {
    open('/incidents')
    const [first = '', , last = ''] = await titles()
    for (const words of ['#3', 'Critical', 'Checkout is down', 'checkout · prometheus', 'Open']) {
      expect(first).toContain(words)
    }
    for (const words of ['#1', 'Resolved', '12 min']) expect(last).toContain(words)
    screen.getByText('2 open · 3 incidents')
    await screen.findByText('2 open')
  })

  it('are narrowed by the address, with the number that is hidden and a way back', async () => {
    open('/incidents?status=resolved')
    await screen.findByText(/2 hidden by filters/)
    expect(await titles()).toHaveLength(1)
    await userEvent.click(screen.getByRole('button', { name: 'Clear' }))
    await screen.findByText('2 open · 3 incidents')
    expect(window.location.hash).toBe('#/incidents')
    await userEvent.type(screen.getByLabelText('Search incidents'), 'nothing')
    await screen.findByText('Nothing matches.')
  })

  it('follow the core without being asked', async () => {
    const { stores, list } = open('/incidents')
    await grid()
    list.mockImplementation(() => pageOf([incident(4, { title: 'Brand new' }), ...log], { ...counts, open: 3 }))
    act(() => stores.incidents.getState().changed({ ...counts, open: 3 }))
    await screen.findByText('Brand new', undefined, { timeout: 5_000 })
    screen.getByText('3 open · 4 incidents')
  })

  it('say where they come from while there are none', async () => {
    open('/incidents', {
      incidents: { list: () => pageOf([], { open: 0, acknowledged: 0, resolved: 0 }) },
    })
    await screen.findByText('gatehouse__report_incident')
    screen.getByRole('link', { name: 'Make a hook token' })
    screen.getByRole('link', { name: 'Set up Prometheus' })
  })

  it('are reported by a person, who then looks at the one that was opened', async () => {
    const create = vi.fn(() => Promise.resolve(event('e1', { incident_id: 'i3' })))
    open('/incidents', { events: { create, list: () => pageOf([], {}) } })
    await userEvent.click(await screen.findByRole('button', { name: 'Report an incident' }))
    const dialog = await screen.findByRole('dialog', { name: 'Report an incident' })
    await userEvent.click(within(dialog).getByRole('button', { name: 'Report' }))
    within(dialog).getByText('Say in one line what happened.')
    await userEvent.type(within(dialog).getByLabelText('What happened'), 'Door is open')
    await userEvent.click(within(dialog).getByLabelText('High'))
    await userEvent.click(within(dialog).getByRole('button', { name: 'Report' }))
    await screen.findByRole('region', { name: 'Incident #3' })
    expect(create).toHaveBeenCalledWith({ title: 'Door is open', severity: 'high', service: '', description: '' })
    expect(screen.queryByRole('dialog')).toBeNull()
  })
})

describe('one incident', () => {
  it('opens by Enter and closes by Escape, and the focus is where it was', async () => {
    open('/incidents')
    await grid()
    const row = screen.getByRole('row', { name: /Checkout is down/ })
    row.focus()
    await userEvent.keyboard('{Enter}')
    const pane = await screen.findByRole('region', { name: 'Incident #3' })
    await waitFor(() => expect(document.activeElement).toBe(pane))
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Incident #3' })).toBeNull())
    expect(document.activeElement?.textContent).toContain('Checkout is down')
  })

  it('is acknowledged with the note that was written', async () => {
    const acknowledge = vi.fn(() => Promise.resolve(detail({ status: 'acknowledged', acknowledged_by: 'console' })))
    open('/incidents?incident=i3', {
      incidents: { list: () => pageOf(log, counts), get: () => Promise.resolve(detail()), acknowledge },
    })
    await userEvent.type(await screen.findByLabelText('Note'), 'On it')
    await userEvent.click(screen.getByRole('button', { name: 'Acknowledge' }))
    await waitFor(() => expect(screen.queryByRole('button', { name: 'Acknowledge' })).toBeNull())
    expect(acknowledge).toHaveBeenCalledWith({ id: 'i3', note: 'On it' })
    expect(screen.getByLabelText<HTMLTextAreaElement>('Note').value).toBe('')
    // The button that had the focus is gone; the one that follows has it, and the keys of the pane go on.
    await waitFor(() => expect(document.activeElement?.textContent).toBe('Resolve'))
    await userEvent.keyboard('{Escape}')
    await waitFor(() => expect(screen.queryByRole('region', { name: 'Incident #3' })).toBeNull())
  })

  it('keeps the note where the core refuses, and says why', async () => {
    const resolve = () => Promise.reject(new Error('The disk is full.'))
    open('/incidents?incident=i3', {
      incidents: { list: () => pageOf(log, counts), get: () => Promise.resolve(detail()), resolve },
    })
    await userEvent.type(await screen.findByLabelText('Note'), 'Done')
    await userEvent.click(screen.getByRole('button', { name: 'Resolve' }))
    await screen.findByText('The disk is full.')
    expect(screen.getByLabelText<HTMLTextAreaElement>('Note').value).toBe('Done')
  })

  it('shows what others wrote as text, and the host of a link before it is opened', async () => {
    const told = detail({
      description: '<b>bold</b>',
      rca: '# Cause\n<img src=http://evil.example/x.png>',
      links: [
        { url: 'https://runbooks.example.com/checkout', title: 'Grafana' },
        { url: 'javascript:alert(1)', title: 'Click me' },
      ],
    })
    open('/incidents?incident=i3', {
      incidents: { list: () => pageOf(log, counts), get: () => Promise.resolve(told) },
    })
    await screen.findByText('<b>bold</b>')
    screen.getByText(/<img src=http:\/\/evil/)
    expect(document.querySelector('img')).toBeNull()
    const links = within(screen.getByRole('region', { name: 'Links' })).getAllByRole('link')
    expect(links.map((link) => link.textContent)).toEqual(['Open runbooks.example.com'])
    expect(links[0]?.getAttribute('rel')).toBe('noopener noreferrer')
  })

  it('says once why a channel was told, and until when another waits', async () => {
    const because = 'severity high is at least high'
    const told = { channel_id: 'c1', channel_name: 'On call', outcome: 'queued' as const, delivery_id: 'd1' }
    const until = '2026-11-24T06:00:00.000Z'
    const quiet = { ...told, channel_id: 'c2', channel_name: 'Mail', outcome: 'quiet' as const }
    const channels = [
      { ...told, because: `rule HIGH: ${because}` },
      { ...quiet, because: `quiet hours of rule HIGH until ${until}` },
    ]
    const decided = event('e1', { decisions: [{ rule_id: 'r1', rule_name: 'HIGH', matched: true, because, channels }] })
    open('/incidents?incident=i3', { events: { list: () => pageOf([decided], {}) } })
    await userEvent.click(await screen.findByRole('button', { name: /^Who was told\?/ }))
    const text = screen.getByRole('list', { name: 'Decisions of the rules' }).textContent
    expect(text.split(because)).toHaveLength(2)
    expect(text).not.toContain(until)
    expect(text).toContain(timeWords(until))
  })

  it('says why nobody was told, and to whom it was sent', async () => {
    const decided = event('e1', {
      decisions: [
        {
          rule_id: 'r1',
          rule_name: 'HIGH incidents only',
          matched: false,
          because: 'severity medium is below high',
          channels: [],
        },
      ],
    })
    open('/incidents?incident=i3', {
      events: { list: () => pageOf([decided], {}) },
      deliveries: { list: () => pageOf([delivery('d1', { state: 'failed' })], { waiting: 0, retrying: 0, failed: 1 }) },
    })
    await userEvent.click(await screen.findByRole('button', { name: 'Why was nobody told?' }))
    expect(screen.getByRole('list', { name: 'Decisions of the rules' }).textContent).toContain(
      'HIGH incidents only did not match: severity medium is below high',
    )
    const sent = within(screen.getByRole('region', { name: 'Notices' })).getByRole('link')
    expect(sent.textContent).toContain('Failed')
    expect(sent.getAttribute('href')).toContain('/notifications/deliveries?delivery=d1')
  })
})
