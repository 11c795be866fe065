import { describe, expect, it } from 'vitest'
import {
  compileChoices,
  compileFilter,
  readEntries,
  sameFilter,
  withChoice,
} from '../../../../src/renderer/features/tools/tool-filter.ts'

const none = { enabled: [], disabled: [] }

describe('the filter as the console explains it', () => {
  it('names the entry that decided', () => {
    const verdict = compileFilter({ enabled: ['*issue*', 'get_me'], disabled: ['delete_*'] })
    expect(verdict('get_issue')).toEqual({ state: 'allowed', by: '*issue*' })
    expect(verdict('get_me')).toEqual({ state: 'allowed', by: 'get_me' })
    expect(verdict('delete_issue')).toEqual({ state: 'in_disabled_tools', by: 'delete_*' })
    expect(verdict('delete_repo')).toEqual({ state: 'not_in_enabled_tools', by: undefined })
    expect(compileFilter(none)('get_me')).toEqual({ state: 'allowed', by: undefined })
  })

  it('moves a tool between the lists and leaves patterns alone', () => {
    const before = { enabled: ['get_*'], disabled: ['get_me'] }
    expect(withChoice(before, ['get_me'], 'allow')).toEqual({ enabled: ['get_*', 'get_me'], disabled: [] })
    expect(withChoice(before, ['delete_repo'], 'block')).toEqual({
      enabled: ['get_*'],
      disabled: ['get_me', 'delete_repo'],
    })
    expect(withChoice(before, ['get_me'], 'default')).toEqual({ enabled: ['get_*'], disabled: [] })
    expect(['get_me', 'get_issue'].map(compileChoices(before))).toEqual(['block', 'default'])
  })

  it('does not call an order a change', () => {
    expect(sameFilter({ enabled: ['a', 'b'], disabled: [] }, { enabled: ['b', 'a'], disabled: [] })).toBe(true)
    expect(sameFilter({ enabled: ['a'], disabled: [] }, { enabled: ['b'], disabled: [] })).toBe(false)
  })

  it('reads entries one a line or by commas, each once', () => {
    expect(readEntries(' a, b\n\nb ,c*')).toEqual(['a', 'b', 'c*'])
  })
})
