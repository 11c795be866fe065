import { describe, expect, it } from 'vitest'
import { explainTools } from '../../../../src/renderer/features/tools/why-hidden.ts'
import type { Profile } from '../../../../src/shared/contract/profiles.ts'
import type { ToolState } from '../../../../src/shared/contract/tools.ts'
import { tool } from './tool-fixture.ts'

const integrations = {
  github: { enabled_tools: ['get_*', 'create_issue', 'delete_*'], disabled_tools: ['delete_*', 'get_secret'] },
  notes: { enabled_tools: [], disabled_tools: [] },
}
const readers: Profile = {
  id: 'p',
  name: 'Readers',
  integrations: ['github'],
  enabled_tools: ['*__get_*', 'github__create_issue', 'github__delete_repo'],
  disabled_tools: ['*_me', 'github__delete_repo'],
  created_at: '2026-11-24T10:00:00.000Z',
}
const why = (name: string, state: ToolState, profile?: Profile) =>
  explainTools(integrations, profile)(tool(name, { state }))

describe('why agents see a tool or not', () => {
  it.each([
    ['notes__add', 'allowed', 'by default'],
    ['github__get_me', 'allowed', 'allowed by get_*'],
    ['github__create_issue', 'allowed', 'in allow list'],
    ['github__rename', 'not_in_enabled_tools', 'not in allow list'],
    ['github__delete_repo', 'in_disabled_tools', 'blocked by delete_*'],
    ['github__get_secret', 'in_disabled_tools', 'blocked'],
    ['notes__add', 'integration_disabled', 'notes is disabled'],
  ] as const)('%s, %s: %s', (name, state, words) => {
    expect(why(name, state).words).toBe(words)
  })

  it.each([
    ['github__get_issue', 'allowed', 'allowed by *__get_* in Readers'],
    ['github__create_issue', 'allowed', 'in allow list of Readers'],
    ['notes__get_note', 'not_in_profile', 'notes is not in Readers'],
    ['github__rename', 'not_in_profile', 'not in allow list of Readers'],
    ['github__get_me', 'not_in_profile', 'blocked by *_me in Readers'],
    ['github__delete_repo', 'not_in_profile', 'blocked in Readers'],
    ['github__delete_issue', 'in_disabled_tools', 'blocked by delete_*'],
  ] as const)('%s, %s, with a profile: %s', (name, state, words) => {
    expect(why(name, state, readers).words).toBe(words)
  })

  it('names no entry where the filter known here says otherwise', () => {
    expect(why('notes__add', 'in_disabled_tools').words).toBe('blocked')
    expect(why('gone__add', 'not_in_enabled_tools').words).toBe('not in allow list')
    expect(why('github__get_me', 'not_in_profile').words).toBe('not in profile')
  })

  it.each([
    ['allowed', undefined],
    ['in_disabled_tools', 'filter'],
    ['not_in_enabled_tools', 'filter'],
    ['not_in_profile', 'profile'],
    ['integration_disabled', 'enable'],
  ] as const)('%s is mended by %s', (state, mend) => {
    expect(why('github__get_me', state)).toMatchObject({ exposed: state === 'allowed', mend })
  })
})
