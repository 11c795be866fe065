import { act, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, it } from 'vitest'
import type { DoctorReport, DoctorStep } from '../../../../src/shared/contract/oauth.ts'
import { closeConsole, type FakeCore, openConsole } from '../open-console.tsx'
import { oauthIntegration } from './oauth-fixture.ts'

// The dialog is loaded when it is first shown, and other tests run meanwhile.

afterEach(closeConsole)

const step = (id: DoctorStep['step'], changes: Partial<DoctorStep> = {}): DoctorStep => ({
  step: id,
  state: 'ok',
  message: '',
  fix: null,
  exchanges: [],
  duration_ms: 12,
  ...changes,
})
const failed = step('authorization_server', {
  state: 'failed',
  message: 'login.example.com answered 404.',
  fix: 'Enter the issuer in Advanced.',
  exchanges: [
    {
      method: 'GET',
      url: 'https://login.example.com/.well-known/oauth-authorization-server',
      request: ['accept: application/json'],
      status: 404,
      response: 'Not found',
      duration_ms: 31,
    },
    { method: 'GET', url: 'https://two.example.com/', request: [], status: null, response: 'Refused', duration_ms: 2 },
  ],
})
const report: DoctorReport = {
  ok: false,
  message: 'It does not work yet: see step 2, where one signs in.',
  steps: [step('resource', { message: 'It wants a token.' }), failed, step('registration', { state: 'skipped' })],
  text: 'the whole report',
}

/** A diagnosis that goes on when the test says so. */
function diagnosing() {
  const asked: unknown[] = []
  let give: (next: { done?: boolean; value: DoctorStep | DoctorReport }) => void = () => undefined
  const diagnose = (input: unknown) => {
    asked.push(input)
    return Promise.resolve({ next: () => new Promise((resolve) => (give = resolve)) })
  }
  return {
    asked,
    say: (value: DoctorStep | DoctorReport, done = false) =>
      act(async () => {
        give({ done, value })
        await Promise.resolve()
      }),
    operations: { integrations: { diagnose } } as unknown as FakeCore['operations'] & object,
  }
}

async function openDiagnosis() {
  const core = diagnosing()
  openConsole('/integrations/github/overview', {
    integrations: [oauthIntegration('github')],
    operations: core.operations,
  })
  await userEvent.click(await screen.findByRole('button', { name: 'Diagnose' }))
  const dialog = within(await screen.findByRole('dialog', { name: 'Diagnose github' }))
  await waitFor(() => expect(core.asked).toEqual([{ name: 'github' }]))
  return { ...core, dialog }
}

describe('a diagnosis', () => {
  it('shows each step as it is taken', async () => {
    const { say, dialog } = await openDiagnosis()
    const steps = dialog.getByRole('list', { name: 'Steps' })
    expect(within(steps).getAllByRole('listitem')).toHaveLength(6)
    await say(step('resource', { state: 'running' }))
    dialog.getByText(/^, running$/)
    await say(step('resource', { message: 'It wants a token.' }))
    dialog.getByText(/^, fine$/)
    dialog.getByText('It wants a token.')
    expect(dialog.queryByRole('button', { name: 'Copy report' })).toBeNull()
  })

  it('says what to do, keeps the exchanges folded, and can be copied', async () => {
    const user = userEvent.setup()
    const { say, dialog, asked } = await openDiagnosis()
    await say(failed)
    await say(report, true)
    await dialog.findByText('It does not work yet: see step 2, where one signs in.')
    // What was found stands there once.
    dialog.getByText('login.example.com answered 404.')
    dialog.getByText('Enter the issuer in Advanced.')
    const exchanges = dialog.getByText('2 exchanges').closest('details')
    expect(exchanges?.open).toBe(false)
    expect(exchanges?.textContent).toContain('404')
    expect(exchanges?.textContent).toContain('No answer')
    await user.click(dialog.getByRole('button', { name: 'Copy report' }))
    expect(await navigator.clipboard.readText()).toBe('the whole report')
    await user.click(dialog.getByRole('button', { name: 'Run again' }))
    expect(asked).toHaveLength(2)
    expect(dialog.queryByText('Enter the issuer in Advanced.')).toBeNull()
  })
})
