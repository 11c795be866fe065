import { describe, expect, it } from 'vitest'
import { countMatches, typedWords } from '../../../../src/renderer/features/tools/entry-matches.ts'

const matches = countMatches(['create_issue', 'create_repo', 'get_issue', 'get_me'])

describe('how many tools an entry matches', () => {
  it.each([
    ['create_*', 2],
    ['*issue*', 2],
    ['*', 4],
    ['get_me', 1],
    ['get', 0],
    ['delete_*', 0],
  ])('%s: %i', (entry, count) => {
    expect(matches.count(entry)).toBe(count)
    expect(matches.count(entry)).toBe(count)
  })

  it('counts a tool of two entries once', () => {
    expect(matches.countAll(['create_*', '*issue*', 'get_me'])).toBe(4)
    expect(matches.countAll([])).toBe(0)
  })

  it('finds the entries that match none', () => {
    expect(matches.unmatched(['get_me', 'gone', 'old_*', '*me'])).toEqual(['gone', 'old_*'])
  })

  it('stays right when more patterns were counted than are kept', () => {
    for (let index = 0; index < 2_500; index++) matches.count(`none_${index}_*`)
    expect(matches.count('create_*')).toBe(2)
  })
})

describe('what is being typed', () => {
  it.each([
    [[], ''],
    [['create_*'], 'create_* matches 2 tools'],
    [['get_me'], 'get_me matches 1 tool'],
    [['nope'], 'nope matches no tool'],
    [['create_*', 'nope'], '2 entries match 2 tools'],
  ])('%j: %s', (entries, words) => {
    expect(typedWords(entries, matches)).toBe(words)
  })
})
