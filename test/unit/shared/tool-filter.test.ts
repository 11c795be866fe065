import { describe, expect, it } from 'vitest'
import { compileToolFilter } from '../../../src/shared/tool-filter.ts'

describe('the tool filter', () => {
  it('allows everything when both lists are empty', () => {
    expect(compileToolFilter([], []).stateOf('anything')).toBe('allowed')
  })

  it('takes the allowlist first, then the blocklist', () => {
    const filter = compileToolFilter(['read_*', 'write'], ['read_secret', 'write'])
    expect(filter.stateOf('read_file')).toBe('allowed')
    expect(filter.stateOf('read_secret')).toBe('in_disabled_tools')
    expect(filter.stateOf('write')).toBe('in_disabled_tools')
    expect(filter.stateOf('delete')).toBe('not_in_enabled_tools')
  })

  it('says that a tool is not enabled even if it is blocked as well', () => {
    expect(compileToolFilter(['read'], ['delete']).stateOf('delete')).toBe('not_in_enabled_tools')
  })

  it('names the entry that decided', () => {
    const { entryFor } = compileToolFilter(['*issue*', 'get_me'], ['delete_*'])
    expect(['get_issue', 'get_me', 'delete_issue', 'delete_repo'].map(entryFor)).toEqual([
      '*issue*',
      'get_me',
      'delete_*',
      undefined,
    ])
    expect(compileToolFilter([], []).entryFor('get_me')).toBeUndefined()
  })

  it.each([
    ['*', '', true],
    ['*', 'x', true],
    ['a*', 'abc', true],
    ['a*', 'ba', false],
    ['*c', 'abc', true],
    ['*c', 'cb', false],
    ['a*c', 'ac', true],
    ['a*a', 'a', false],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['*b*b*', 'b', false],
    ['*b*b*', 'bb', true],
    ['a**c', 'abc', true],
    ['ab*bc', 'abc', false],
    ['A*', 'abc', false],
    ['a.c', 'abc', false],
    ['[a-z]*', 'abc', false],
    ['(a+)+*', 'aaa', false],
  ])('matches %j against %j: %s', (pattern, tool, matches) => {
    expect(compileToolFilter([pattern], []).stateOf(tool)).toBe(matches ? 'allowed' : 'not_in_enabled_tools')
  })

  it('takes names of Object.prototype as plain names', () => {
    const filter = compileToolFilter([], ['__proto__'])
    expect(filter.stateOf('__proto__')).toBe('in_disabled_tools')
    expect(filter.stateOf('constructor')).toBe('allowed')
    expect(compileToolFilter(['read'], []).stateOf('toString')).toBe('not_in_enabled_tools')
  })

  // Backtracking would not come to an end.
  it('stays fast on patterns made to backtrack', () => {
    const filter = compileToolFilter([`${'a*'.repeat(120)}b`], [])
    expect(filter.stateOf('a'.repeat(50_000))).toBe('not_in_enabled_tools')
  })
})
