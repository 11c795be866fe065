import { describe, expect, it } from 'vitest'
import { changeBetween, changeWords, effectOf } from '../../../../src/renderer/features/tools/filter-effect.ts'

const tools = ['get_issue', 'list_issues', 'delete_issue', 'delete_repo', 'get_me'].map((name, index) => ({
  name,
  tokens: 10 ** index,
}))
const none = { enabled: [], disabled: [] }
const change = (enabled: string[], disabled: string[], before = none as { enabled: string[]; disabled: string[] }) =>
  changeBetween(effectOf(before, tools), effectOf({ enabled, disabled }, tools), tools)

describe('what a filter makes of a list', () => {
  it('counts the tools that agents see and what they cost', () => {
    const { exposed, tokens, verdictOf } = effectOf({ enabled: ['*issue*'], disabled: ['delete_*'] }, tools)
    expect({ exposed, tokens }).toEqual({ exposed: 2, tokens: 11 })
    expect(verdictOf('delete_issue')).toEqual({ state: 'in_disabled_tools', by: 'delete_*' })
  })

  it('judges a tool that came later', () => {
    expect(effectOf({ enabled: [], disabled: ['new_*'] }, tools).verdictOf('new_one').state).toBe('in_disabled_tools')
  })
})

describe('the change of a filter', () => {
  it('is what agents gain and lose', () => {
    expect(change([], ['delete_*'])).toEqual({ gained: 0, lost: 2, tokens: -1_100 })
    expect(change(['*issue*'], [], { enabled: ['get_me'], disabled: [] })).toEqual({
      gained: 3,
      lost: 1,
      tokens: 111 - 10_000,
    })
  })

  it.each([
    [{ gained: 2, lost: 1, tokens: 300 }, '+2 tools, -1 tool for agents; about +300 tokens'],
    [{ gained: 0, lost: 1_200, tokens: -48_000 }, '-1,200 tools for agents; about -48,000 tokens'],
    [{ gained: 1, lost: 1, tokens: 0 }, '+1 tool, -1 tool for agents; about 0 tokens'],
    [{ gained: 0, lost: 0, tokens: 0 }, 'No tool changes for agents'],
  ])('%o is told as %s', (effect, words) => {
    expect(changeWords(effect)).toBe(words)
  })
})
