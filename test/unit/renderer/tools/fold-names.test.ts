import { describe, expect, it } from 'vitest'
import { applyFolds, proposeFolds } from '../../../../src/renderer/features/tools/fold-names.ts'
import { compileToolFilter } from '../../../../src/shared/tool-filter.ts'

const many = (pattern: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => pattern.replace('#', `n${index}`))
const patterns = (entries: string[], tools: string[]) => proposeFolds(entries, tools).map(({ pattern }) => pattern)

describe('names that one pattern can stand for', () => {
  it('are those with a beginning that no other tool has', () => {
    const created = many('create_#', 30)
    expect(proposeFolds(created, [...created, 'get_one'])).toEqual([{ pattern: 'create_*', names: created }])
  })

  it('are not folded when the pattern would match one tool more', () => {
    const created = many('create_#', 30)
    expect(patterns(created, [...created, 'create_another', 'get_one'])).toEqual([])
  })

  it('break where the beginning is still all theirs', () => {
    const repos = many('create_repo_#', 15)
    const issues = many('create_issue_#', 15)
    const tools = [...repos, ...issues, 'create_user']
    expect(patterns([...repos, ...issues], tools)).toEqual(['create_issue_*', 'create_repo_*'])
  })

  it('may share an ending instead', () => {
    const deleting = many('#_delete', 25)
    expect(patterns(deleting, [...deleting, 'n1_get', 'n2_get'])).toEqual(['*_delete'])
  })

  it('are all tools', () => {
    const all = [...many('a-#', 15), ...many('b-#', 15)]
    expect(patterns(all, all)).toEqual(['*'])
  })

  it('stay as they are where they are few, patterns, or of no known tool', () => {
    expect(patterns(many('create_#', 19), many('create_#', 19))).toEqual([])
    expect(patterns(many('create_#*', 30), many('create_#', 30))).toEqual([])
    const gone = many('create_#', 30)
    expect(patterns(gone, ['get_one'])).toEqual([])
  })

  it('never make a pattern of a name that has a star', () => {
    const odd = many('a*_#_x', 30)
    expect(patterns(odd, [...odd, 'a_b'])).toEqual([])
  })
})

describe('a folded list', () => {
  const tools = [...many('create_#', 40), ...many('get_#', 40), ...many('#_drop', 40), ...many('keep_#_me', 12)]
  const isOdd = (_: string, index: number): boolean => index % 3 !== 0
  const lists = [
    [...many('create_#', 40), ...many('#_drop', 40), 'get_n1', 'get_n2', 'gone', 'get_n3*'],
    tools.filter(isOdd),
    tools,
    [...many('get_#', 40), ...many('keep_#_me', 12)],
  ]

  it.each(lists.map((entries, index) => [index, entries] as const))(
    'says the same about every tool (%i)',
    (_, entries) => {
      const folds = proposeFolds(entries, tools)
      const before = compileToolFilter(entries, [])
      const after = compileToolFilter(applyFolds(entries, folds), [])
      expect(tools.map(after.stateOf)).toEqual(tools.map(before.stateOf))
    },
  )

  it('is shorter and keeps what was not folded', () => {
    const [entries = []] = lists
    expect(applyFolds(entries, proposeFolds(entries, tools))).toEqual([
      'get_n1',
      'get_n2',
      'gone',
      'get_n3*',
      'create_*',
      '*_drop',
    ])
  })
})
