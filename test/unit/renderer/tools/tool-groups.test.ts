import { describe, expect, it } from 'vitest'
import { listedTools } from '../../../../src/renderer/features/tools/listed-tools.ts'
import { groupTools, searchGroups } from '../../../../src/renderer/features/tools/tool-groups.ts'
import { tool } from './tool-fixture.ts'

const tools = [
  tool('notes__add'),
  tool('github__get_issue', { tokens: 250 }),
  tool('github__delete_repo', { state: 'in_disabled_tools', annotations: { destructiveHint: true } }),
]
const groups = groupTools(tools, { github: 'GitHub', notes: 'Abc notes' })
const found = (query: string, shown: Parameters<typeof searchGroups>[2] = 'all') =>
  searchGroups(groups, query, shown).map(({ group, found: own }) => [group.integration, ...own.map(({ name }) => name)])

describe('tools under their integrations', () => {
  it('stand by the names of people, with what agents see of them', () => {
    expect(groups.map(({ title, exposed, tokens }) => [title, exposed, tokens])).toEqual([
      ['Abc notes', 1, 100],
      ['GitHub', 1, 250],
    ])
    expect(groupTools(tools, {})[0]?.title).toBe('github')
  })

  it('are found by their own names, those for agents, and those of their integration', () => {
    expect(found('issue')).toEqual([['github', 'get_issue']])
    expect(found('github__')).toEqual([['github', 'get_issue', 'delete_repo']])
    expect(found('abc')).toEqual([['notes', 'add']])
    expect(found('nothing')).toEqual([])
  })

  it('are shown by their state and by what the server says', () => {
    expect(found('', 'exposed')).toEqual([
      ['notes', 'add'],
      ['github', 'get_issue'],
    ])
    expect(found('', 'hidden')).toEqual([['github', 'delete_repo']])
    expect(found('', 'destructive')).toEqual([['github', 'delete_repo']])
  })
})

describe('what an agent gets from tools/list', () => {
  it('is every tool it sees, after the one of the gateway', () => {
    expect(listedTools(tools, 'full')).toEqual({
      tools: [
        { name: 'discover_tools', tokens: undefined },
        { name: 'notes__add', tokens: 100 },
        { name: 'github__get_issue', tokens: 250 },
      ],
      tokens: 350,
      callable: 0,
    })
  })

  it('is only the way to them in lazy mode', () => {
    const { tools: listed, callable } = listedTools(tools, 'lazy')
    expect(listed.map(({ name }) => name)).toEqual(['discover_tools', 'call_tool'])
    expect(callable).toBe(2)
  })
})
