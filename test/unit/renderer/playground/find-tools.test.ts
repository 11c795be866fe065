import { describe, expect, it } from 'vitest'
import { findable, findTools } from '../../../../src/renderer/features/playground/find-tools.ts'
import type { ToolSummary } from '../../../../src/shared/contract/tools.ts'

const tool = (integration: string, name: string, description = ''): ToolSummary => ({
  name,
  gateway_name: `${integration}__${name}`,
  integration,
  title: null,
  description,
  tokens: 1,
  annotations: {},
  state: 'allowed',
  flags: [],
})

const tools = findable([
  tool('files', 'search', 'Echo of nothing'),
  tool('notes', 'read-echo'),
  tool('everything', 'echo', 'Says it back'),
  tool('github', 'create_issue', 'Opens an ISSUE'),
])
const found = (query: string) => findTools(tools, query).map(({ gateway_name }) => gateway_name)

describe('findTools', () => {
  it('puts the tool that begins with the query first, then names, then descriptions', () => {
    expect(found('echo')).toEqual(['everything__echo', 'notes__read-echo', 'files__search'])
  })

  it('wants every word, wherever it is', () => {
    expect(found('github issue')).toEqual(['github__create_issue'])
    expect(found('issue nothing')).toEqual([])
  })

  it('keeps the order without a query', () => {
    expect(found('  ')).toEqual(['files__search', 'notes__read-echo', 'everything__echo', 'github__create_issue'])
  })
})
