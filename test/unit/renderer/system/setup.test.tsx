import { ORPCError } from '@orpc/client'
import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Setup, SetupCheck, SetupField, SetupResult } from '../../../../src/shared/contract/setup.ts'
import { connection, integration } from '../integration-fixture.ts'
import { channel, pageOf } from '../notifications/notice-fixture.ts'
import { tool } from '../tools/tool-fixture.ts'
import { closeConsole, openConsole } from '../open-console.tsx'

afterEach(closeConsole)

function field(name: string, more: Partial<SetupField> = {}): SetupField {
  return {
    name,
    label: name,
    kind: 'text',
    help: '',
    placeholder: '',
    required: false,
    default: null,
    options: [],
    min: null,
    max: null,
    advanced: false,
    shown_when: null,
    ...more,
  }
}

const way = { id: 'token', title: 'With a token', summary: 'Holds for ever.', steps: [], signs_in: false }
const setup: Setup = {
  name: 'jira',
  display_name: 'Jira',
  channel_kind: null,
  current: null,
  ways: [
    {
      ...way,
      steps: [{ text: 'Make a token.', url: 'https://jira.example/tokens', link_label: 'Open tokens' }],
      fields: [
        field('endpoint', { label: 'Endpoint', kind: 'url', required: true }),
        field('token', { label: 'Token', kind: 'secret', required: true }),
        field('auth', { label: 'Sign-in', kind: 'switch', default: false }),
        field('user', { label: 'User', shown_when: { field: 'auth', equals: true } }),
        field('interval', { label: 'Interval', kind: 'duration', default: 30, advanced: true }),
      ],
    },
    { ...way, id: 'person', title: 'As you', summary: 'Ends after 30 days.', signs_in: true, fields: [] },
  ],
}
const unset = integration('jira', {
  source: 'system',
  status: 'disabled',
  mcp: null,
  display_name: 'Jira',
  connection: connection('needs_setup'),
})
const isSet = integration('jira', {
  source: 'system',
  mcp: null,
  display_name: 'Jira',
  connection: connection('connected'),
})
const failed: SetupCheck = {
  id: 'reach',
  label: 'Answers',
  state: 'failed',
  message: 'It does not accept the token.',
  fix: 'Enter the token again.',
  field: 'credentials.token',
}

function stream(checks: SetupCheck[], result: SetupResult) {
  return Promise.resolve(
    (async function* () {
      await Promise.resolve()
      yield* checks
      return result
    })(),
  )
}

function open(result: Partial<SetupResult>, checks: SetupCheck[], stored: Setup = setup, path = 'overview') {
  const whole = { ok: false, saved: false, message: 'Done.', checks, integration: unset, ...result }
  const apply = vi.fn((_input: unknown) => stream(checks, whole))
  const operations = { setup: { get: () => Promise.resolve(stored), apply: apply as never } }
  openConsole(`/integrations/jira/${path}`, { integrations: [stored.current === null ? unset : isSet], operations })
  return { apply }
}

describe('the setup of a system integration', () => {
  it('asks, checks, says what to mend, and stores it all the same where that is wanted', async () => {
    const { apply } = open({ message: 'It does not accept the token.' }, [failed])
    await userEvent.type(await screen.findByLabelText('Endpoint'), 'https://jira.example')
    await userEvent.type(screen.getByLabelText('Token'), 'abc')
    expect(screen.getByRole('link', { name: /Open tokens/ })).toHaveProperty('href', 'https://jira.example/tokens')
    await userEvent.click(screen.getByRole('button', { name: /^Connect/ }))
    const checks = await screen.findByRole('list', { name: 'Checks' })
    expect(within(checks).getByText('Enter the token again.')).toBeTruthy()
    expect(screen.getByLabelText('Token').getAttribute('aria-invalid')).toBe('true')
    const input = {
      name: 'jira',
      way: 'token',
      values: { endpoint: 'https://jira.example', auth: false, interval: 30 },
      credentials: { token: 'abc' },
    }
    expect(apply.mock.lastCall?.[0]).toEqual({ ...input, save_anyway: false })
    await userEvent.click(screen.getByRole('button', { name: 'Save anyway' }))
    await waitFor(() => expect(apply.mock.lastCall?.[0]).toEqual({ ...input, save_anyway: true }))
  })

  it('goes to what is at fault, says it once, and takes it back when it is changed', async () => {
    open({ message: 'It does not accept the token.' }, [failed])
    await userEvent.type(await screen.findByLabelText('Endpoint'), 'https://jira.example')
    await userEvent.type(screen.getByLabelText('Token'), 'abc')
    await userEvent.click(screen.getByRole('button', { name: /^Connect/ }))
    const token = screen.getByLabelText('Token')
    await waitFor(() => expect(document.activeElement).toBe(token))
    // At the field, and at the check that found it.
    expect(screen.getAllByText('It does not accept the token.')).toHaveLength(2)
    await userEvent.type(token, 'd')
    expect(token.getAttribute('aria-invalid')).toBeNull()
    expect(screen.getAllByText('It does not accept the token.')).toHaveLength(1)
  })

  it('says what address it means, and forgets what it said of another way', async () => {
    const [token, person] = setup.ways
    if (!token || !person) throw new Error('no ways')
    const endpoint = field('endpoint', { label: 'Endpoint', kind: 'url', placeholder: 'http://127.0.0.1:9090' })
    const message = 'Enter a full URL, for example https://example.com/mcp.'
    const apply = () =>
      Promise.reject(
        new ORPCError('invalid_input', {
          message,
          data: { details: [{ path: 'values.endpoint', message }], retry_after_ms: null, request_id: '' },
        }),
      )
    const get = () => Promise.resolve({ ...setup, ways: [{ ...token, fields: [endpoint] }, person] })
    openConsole('/integrations/jira/overview', {
      integrations: [unset],
      operations: { setup: { get, apply } },
    })
    await userEvent.click(await screen.findByRole('button', { name: /^Connect/ }))
    await screen.findByText('Enter a full URL, for example http://127.0.0.1:9090.')
    expect(screen.queryByText(message)).toBeNull()
    await userEvent.click(screen.getByRole('radio', { name: /As you/ }))
    await userEvent.click(screen.getByRole('radio', { name: /With a token/ }))
    expect(screen.getByLabelText('Endpoint').getAttribute('aria-invalid')).toBeNull()
  })

  it('keeps settings in view that an error opened, while the error is being mended', async () => {
    open({}, [{ ...failed, field: 'values.interval' }])
    await userEvent.click(await screen.findByRole('button', { name: /^Connect/ }))
    const interval = screen.getByLabelText('Interval')
    await waitFor(() => expect(document.activeElement).toBe(interval))
    fireEvent(interval.closest('details') as HTMLElement, new Event('toggle'))
    await userEvent.type(interval, '5')
    expect(interval.closest('details')).toHaveProperty('open', true)
  })

  it('asks for what another answer makes necessary, and by the way that was chosen', async () => {
    open({}, [])
    await screen.findByLabelText('Endpoint')
    expect(screen.queryByLabelText('User')).toBeNull()
    await userEvent.click(screen.getByRole('switch', { name: 'Sign-in' }))
    expect(screen.getByLabelText('User')).toBeTruthy()
    await userEvent.click(screen.getByRole('radio', { name: /As you/ }))
    expect(screen.queryByLabelText('Endpoint')).toBeNull()
    expect(screen.getByRole('button', { name: /Save and sign in/ })).toBeTruthy()
  })

  it('shows a stored secret as stored, and sends it only when it is replaced', async () => {
    const current = {
      way: 'token',
      values: { endpoint: 'https://jira.example', auth: false, interval: 30 },
      credentials: { token: '••••' },
      updated_at: '2026-01-02T03:04:05.000Z',
    }
    const { apply } = open({}, [], { ...setup, current }, 'connection')
    expect(await screen.findByText('Stored')).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: /Check and save/ }))
    expect(apply.mock.lastCall?.[0]).toMatchObject({ credentials: {} })
    await userEvent.click(screen.getByRole('button', { name: 'Replace Token' }))
    await userEvent.type(screen.getByLabelText('Token'), 'new')
    await userEvent.click(screen.getByRole('button', { name: /Check and save/ }))
    expect(apply.mock.lastCall?.[0]).toMatchObject({ credentials: { token: 'new' } })
  })

  it('says what a number counts, in its description', async () => {
    const [token] = setup.ways
    if (!token) throw new Error('no way')
    const interval = field('interval', { label: 'Interval', kind: 'duration', default: 30, help: 'How often.' })
    open({}, [], { ...setup, ways: [{ ...token, fields: [interval] }] })
    const control = await screen.findByRole('textbox', { name: 'Interval', description: 'seconds How often.' })
    expect(control).toHaveProperty('value', '30')
  })

  it('is forgotten after a question, and says what keeps it', async () => {
    const current = { way: 'token', values: {}, credentials: {}, updated_at: '2026-01-02T03:04:05.000Z' }
    const forget = vi.fn(() => Promise.reject(new Error('Channels send by Jira: ops. Remove it first.')))
    openConsole('/integrations/jira/connection', {
      integrations: [isSet],
      operations: { setup: { get: () => Promise.resolve({ ...setup, current }), forget } },
    })
    await userEvent.click(await screen.findByRole('button', { name: 'Forget setup' }))
    const dialog = await screen.findByRole('dialog')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Forget setup' }))
    expect(await within(dialog).findByText(/Channels send by Jira/)).toBeTruthy()
  })
})

describe('a system integration that is set up', () => {
  const current = { way: 'token', values: {}, credentials: {}, updated_at: '2026-01-02T03:04:05.000Z' }

  it('is verified with what is stored, by the checks of its setup', async () => {
    const passed: SetupCheck = { ...failed, state: 'ok', message: 'Jira 9.', fix: null, field: null }
    const result = { ok: true, saved: false, message: 'Connected.', checks: [passed], integration: isSet }
    const verify = vi.fn(() => stream([passed], result))
    openConsole('/integrations/jira/overview', {
      integrations: [isSet],
      operations: { setup: { get: () => Promise.resolve({ ...setup, current }), verify: verify as never } },
    })
    await userEvent.click(await screen.findByRole('button', { name: 'Verify connection' }))
    const dialog = await screen.findByRole('dialog', { name: 'Verify Jira' })
    await within(dialog).findByText('Jira 9.')
    await within(dialog).findByText('Connected.')
    await userEvent.click(within(dialog).getByRole('button', { name: 'Verify again' }))
    expect(verify).toHaveBeenCalledTimes(2)
  })

  it('does not offer what only custom ones have: tools of their own, and the output of a process', async () => {
    const rest = { base_url: 'https://jira.example', tools: [], source: null }
    const listed = integration('jira', { ...isSet, protocol: 'rest', rest: rest as never })
    openConsole('/integrations/jira/tools', { integrations: [listed], tools: [tool('search')] })
    await screen.findByRole('grid', { name: 'Tools' })
    for (const name of [/OpenAPI/, 'Add tool', 'Output']) {
      expect(screen.queryByRole('button', { name }) ?? screen.queryByRole('link', { name })).toBeNull()
    }
    expect(screen.queryByText('Tools written by hand')).toBeNull()
  })

  it('names the channels that send by it, and leads to another', async () => {
    const slack = integration('slack', { source: 'system', mcp: null, display_name: 'Slack' })
    const ops = channel('c1', 'Slack #ops', { kind: 'slack' })
    openConsole('/integrations/slack/overview', {
      integrations: [slack],
      operations: { channels: { list: () => pageOf([ops, channel('c2', 'On call')]) } },
    })
    await screen.findByRole('link', { name: 'Slack #ops' })
    expect(screen.queryByRole('link', { name: 'On call' })).toBeNull()
    const add = screen.getByRole('link', { name: 'Add a channel' })
    expect(add.getAttribute('href')).toMatch(/notifications\/channels\/new\?kind=slack$/)
  })
})
