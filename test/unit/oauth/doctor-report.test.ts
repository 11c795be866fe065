import { expect, it } from 'vitest'
import { reportOf } from '../../../src/main/oauth/doctor-report.ts'
import type { DoctorStep } from '../../../src/shared/contract/oauth.ts'

const about = { title: 'Notes', url: new URL('https://notes.example/mcp'), at: '2026-12-01T12:00:00.000Z' }
const found = 'as.example does not say how one signs in. Asked: https://as.example/a (answered 404).'

function stepAs(step: DoctorStep['step'], state: DoctorStep['state'], message = ''): DoctorStep {
  return { step, state, message, fix: null, exchanges: [], duration_ms: 1 }
}

it.each<[DoctorStep[], boolean, string]>([
  [[stepAs('resource', 'ok'), stepAs('call', 'ok', '3 tools found.')], true, 'It works. 3 tools found.'],
  [
    [stepAs('resource', 'ok'), stepAs('authorization_server', 'failed', found), stepAs('call', 'skipped')],
    false,
    'It does not work yet: see step 2, where one signs in.',
  ],
  [
    [stepAs('resource', 'warning', found), stepAs('call', 'ok', '3 tools found.')],
    true,
    'It works, with a warning: see step 1, what the server asks for.',
  ],
])('a report says in one sentence what its steps say in full: %#', (steps, ok, message) => {
  const report = reportOf(steps, about)
  expect(report).toMatchObject({ ok, message })
  expect(report.text).toContain(message)
  expect(report.text.split(found)).toHaveLength(steps.some((step) => step.message === found) ? 2 : 1)
})
