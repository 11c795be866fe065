import { describe, expect, it } from 'vitest'
import { Catalog, Names } from '../../../src/main/gateway/catalog.ts'
import { discoverTools } from '../../../src/main/gateway/discover.ts'
import { fakeUpstream, served } from '../../helpers/gateway-fixture.ts'

const tool = (name: string, description: string) => ({
  name,
  description,
  inputSchema: { type: 'object', properties: { q: {} } },
})

const github = fakeUpstream(
  'github',
  JSON.stringify([
    tool('list_issues', 'List the issues of a repository.'),
    tool('createPullRequest', 'Open a pull request.'),
    tool('delete_repository', 'Delete a repository for good.'),
  ]),
)
const files = fakeUpstream(
  'files',
  JSON.stringify([tool('read_file', `Read a file. ${'It can be long. '.repeat(40)}`)]),
)
files.connection = {
  ...files.connection,
  state: 'error',
  error: { code: 'upstream_unavailable', message: 'It exited.' },
}
const catalog = new Catalog(
  [
    served(github, { displayName: 'GitHub', description: 'Code and issues', disabledTools: ['delete_*'] }),
    served(files),
  ],
  new Names(),
  [],
)

interface Found {
  tools: unknown[]
  total?: number
}

async function discover(input?: unknown): Promise<Found> {
  const result = await discoverTools(catalog, input)
  expect(result.isError).toBeUndefined()
  return JSON.parse(result.content[0]?.text ?? '') as Found
}

describe('discover_tools', () => {
  it('gives the overview without a query, with what is down and why', async () => {
    expect(await discover()).toEqual({
      integrations: [
        { integration: 'files', state: 'error', error: 'It exited.', tools: 1 },
        { integration: 'github', title: 'GitHub', description: 'Code and issues', state: 'connected', tools: 2 },
      ],
      total_tools: 3,
    })
    expect(await discover({ query: '  ' })).toHaveProperty('integrations')
  })

  it('ranks a match in the name before one in the description', async () => {
    const names = (input: object) => discover({ detail: 'names', ...input }).then(({ tools }) => tools as string[])
    expect((await names({ query: 'issues' }))[0]).toBe('github__list_issues')
    expect((await names({ query: 'pull request' }))[0]).toBe('github__createPullRequest')
    expect((await names({ query: 'create pull' }))[0]).toBe('github__createPullRequest')
    expect((await names({ query: 'read' }))[0]).toBe('files__read_file')
    expect((await names({ query: 'github__list_issues' }))[0]).toBe('github__list_issues')
    expect((await names({ query: 'isues' }))[0]).toBe('github__list_issues')
    expect(await names({ query: 'zzzz' })).toEqual([])
  })

  it('never finds a blocked tool', async () => {
    for (const query of ['delete', 'delete_repository', 'github__delete_repository', 'for good']) {
      expect(JSON.stringify(await discover({ query }))).not.toContain('delete_repository')
    }
  })

  it('keeps to one integration and to the limit', async () => {
    expect((await discover({ query: 'file issues', integration: 'files', detail: 'names' })).tools).toEqual([
      'files__read_file',
    ])
    const { tools, total } = await discover({ integration: 'github', limit: 1, detail: 'names' })
    expect([tools, total]).toEqual([['github__list_issues'], 2])
  })

  it('tells as much as it is asked for', async () => {
    const [summary = {}] = (await discover({ query: 'read_file' })).tools as { description?: string }[]
    expect(Object.keys(summary)).toEqual(['name', 'integration', 'description'])
    expect(summary.description?.length).toBeLessThanOrEqual(200)
    const found = await discover({ query: 'read_file', detail: 'schema' })
    const [schema] = found.tools as { description: string; input_schema: unknown }[]
    expect(schema?.input_schema).toEqual({ type: 'object', properties: { q: {} } })
    expect(schema?.description.length).toBeGreaterThan(200)
  })

  it.each([
    [{ limit: 0 }],
    [{ limit: 101 }],
    [{ query: 7 }],
    [{ detail: 'all' }],
    [{ unknown: 1 }],
    ['text'],
    [[]],
    [{ integration: 'nothing' }],
  ])('answers wrong arguments in a result that a model can read: %j', async (input) => {
    const result = await discoverTools(catalog, input)
    expect(result.isError).toBe(true)
    expect(result.content[0]?.text).toMatch(
      /Invalid arguments|There is no integration "nothing". Available: files, github/,
    )
  })

  it('searches 10,000 tools in a few milliseconds and lets other work in while it makes its index', async () => {
    const verbs = ['list', 'create', 'update', 'delete', 'get', 'search', 'watch', 'export']
    const nouns = [
      'issue',
      'invoice',
      'customer',
      'deployment',
      'channel',
      'message',
      'volume',
      'secret',
      'branch',
      'report',
    ]
    const tools = Array.from({ length: 10_000 }, (_, index) => {
      const [verb, noun] = [verbs[index % 8] ?? '', nouns[(index >> 3) % 10] ?? '']
      return tool(
        `${verb}_${noun}_${index}`,
        `${verb} the ${noun} number ${index} of an account, with paging and filters.`,
      )
    })
    const large = new Catalog([served(fakeUpstream('many', JSON.stringify(tools)))], new Names(), [])
    let turns = 0
    const ticking = setInterval(() => turns++, 1)
    await discoverTools(large, { query: 'create invoice' })
    clearInterval(ticking)
    expect(turns).toBeGreaterThan(10)
    const times: number[] = []
    for (let index = 0; index < 21; index++) {
      const started = performance.now()
      await discoverTools(large, { query: `${verbs[index % 8] ?? ''} ${nouns[index % 10] ?? ''}` })
      times.push(performance.now() - started)
    }
    expect(times.toSorted((a, b) => a - b)[10]).toBeLessThan(60)
  })
})
