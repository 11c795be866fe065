import { describe, expect, it } from 'vitest'
import { callsHit, profilesHit, staleEntries } from '../../../../src/main/rest/openapi/reimport/import-hits.ts'
import type { Profile } from '../../../../src/shared/contract/profiles.ts'

const profile = (name: string, more: Partial<Profile> = {}): Profile => ({
  id: name,
  name,
  integrations: null,
  enabled_tools: [],
  disabled_tools: [],
  created_at: '2026-11-24T10:00:00.000Z',
  ...more,
})
const hit = {
  integration: { name: 'billing', enabled_tools: [], disabled_tools: ['void_invoice'] },
  changed: ['get_invoice', 'void_invoice'],
  removed: ['list_refunds'],
  gatewayName: (tool: string) => `billing__${tool}`,
}

describe('who is hit by a newer document', () => {
  it('profiles through which agents have the tools', () => {
    const profiles = [
      profile('all'),
      profile('readers', { enabled_tools: ['*__get_*'] }),
      profile('none of it', { disabled_tools: ['billing__*'] }),
      profile('elsewhere', { integrations: ['github'] }),
    ]
    expect(profilesHit(profiles, hit)).toEqual([
      { name: 'all', tools: ['get_invoice', 'list_refunds'] },
      { name: 'readers', tools: ['get_invoice'] },
    ])
  })

  it('filters that name what is gone', () => {
    const profiles = [profile('refunds', { enabled_tools: ['billing__list_refunds', 'billing__get_invoice'] })]
    const own = { ...hit.integration, enabled_tools: ['list_refunds', '*'] }
    expect(staleEntries(profiles, { ...hit, integration: own }).map(({ message }) => message)).toEqual([
      expect.stringContaining('enabled_tools of this integration names list_refunds,'),
      expect.stringContaining('enabled_tools of the profile refunds names billing__list_refunds,'),
    ])
  })

  it('calls at both endpoints together, and none of other tools', () => {
    const calls = [
      { tool: 'billing__get_invoice', count: 2, last_at: 1_000 },
      { tool: 'get_invoice', count: 3, last_at: 5_000 },
      { tool: 'billing__other', count: 7, last_at: 9_000 },
    ]
    expect(callsHit(calls, hit)).toEqual([{ tool: 'get_invoice', count: 5, last_at: '1970-01-01T00:00:05.000Z' }])
  })
})
