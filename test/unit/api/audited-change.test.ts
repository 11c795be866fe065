import { describe, expect, it } from 'vitest'
import { auditedChange } from '../../../src/main/api/audited-change.ts'

describe('what the audit keeps of an operation', () => {
  it('is what was changed and the names of the fields, never a value', () => {
    const input = { name: 'github', credentials: { api_token: 'canary' }, enabled_tools: ['canary'] }
    expect(auditedChange(['integrations', 'update'], 'PATCH', input)).toEqual({
      action: 'integrations.update',
      target: 'github',
      fields: ['credentials', 'enabled_tools'],
    })
  })

  it('is the thing itself where it gets another name', () => {
    expect(auditedChange(['agents', 'update'], 'PATCH', { id: 'a-1', name: 'Cursor' })).toEqual({
      action: 'agents.update',
      target: 'a-1',
      fields: ['name'],
    })
  })

  it.each([undefined, null, 'text', {}])('has no target where there is only one: %j', (input) => {
    expect(auditedChange(['vault', 'lock'], 'POST', input)).toEqual({ action: 'vault.lock', target: null, fields: [] })
  })

  it.each([
    [['integrations', 'list'], 'GET'],
    [['integrations', 'test'], 'POST'],
    [['integrations', 'test_draft'], 'POST'],
    [['tools', 'call'], 'POST'],
    [['tools', 'run'], 'POST'],
    [['agents', 'lease'], 'POST'],
    [['clients', 'preview'], 'POST'],
    [['transfer', 'plan'], 'POST'],
    [['console', 'create_url'], 'POST'],
  ])('is nothing of %j, which changes nothing', (path, method) => {
    expect(auditedChange(path, method, { name: 'x' })).toBeUndefined()
  })

  it('stays small and holds no secret, whatever was sent', () => {
    const input = Object.fromEntries([
      ['name', 'n'.repeat(10_000)],
      ['ghk_CanaryCanaryCanary0123456789', 1],
      ['Bearer canary', 1],
      ['x'.repeat(100), 1],
      ...Array.from({ length: 100 }, (_, index) => [
        `field_${'abcdefghij'.charAt(index % 10)}${'x'.repeat(index % 30)}`,
        1,
      ]),
    ]) as unknown
    const change = auditedChange(['integrations', 'create'], 'POST', input)
    expect(change?.target).toHaveLength(200)
    expect(change?.fields).toHaveLength(30)
    expect(JSON.stringify(change)).not.toMatch(/canary/i)
  })
})
