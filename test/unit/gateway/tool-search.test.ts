import { expect, it } from 'vitest'
import type { Route } from '../../../src/main/gateway/view.ts'
import { ToolSearch } from '../../../src/main/gateway/tool-search.ts'
import { parseToolList } from '../../../src/main/upstream/tool-list.ts'
import { fakeUpstream, served } from '../../helpers/gateway-fixture.ts'

const integration = served(fakeUpstream('hostile', ''))

function route(index: number, description: string): Route {
  const name = `tool-${index}`
  const [tool] = parseToolList(JSON.stringify([{ name, description, inputSchema: { type: 'object' } }])).tools
  if (tool === undefined) throw new Error('the tool was left out')
  return { integration, tool, gatewayName: `hostile__${name}` }
}

/** Different each time, and like no other. */
function word(index: number, length: number): string {
  let seed = index + 1
  const letters = Array.from({ length }, () => {
    seed = (seed * 48_271) % 2_147_483_647
    return String.fromCharCode(97 + (seed % 26))
  })
  return letters.join('')
}

it('finds a name with typos in it', async () => {
  const search = new ToolSearch([route(1, 'lists the repositories'), route(2, 'something else')])
  const found = await search.find('repositries', 5, () => true)
  expect(found.map(({ tool }) => tool.name)).toEqual(['tool-1'])
})

it('sixteen long words that nobody knows are looked up in no time, among very many', async () => {
  const words = (from: number) => Array.from({ length: 60 }, (_, index) => word(from * 60 + index, 12)).join(' ')
  const search = new ToolSearch(Array.from({ length: 4_000 }, (_, index) => route(index, words(index))))
  await search.find('warm', 5, () => true)
  const query = Array.from({ length: 16 }, (_, index) => word(9_000_000 + index, 30)).join(' ')
  const started = performance.now()
  expect(await search.find(query, 5, () => true)).toEqual([])
  expect(performance.now() - started).toBeLessThan(5_000)
}, 60_000)
