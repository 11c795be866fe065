import { afterEach, expect, it } from 'vitest'
import { openStream } from '../gateway/open-stream.ts'
import { connected } from '../upstream/harness.ts'
import { FaultyGateway } from './faulty-gateway.ts'

/** reliability.md, row 6: a server that takes its time to list its tools holds up nobody. */

let gateway: FaultyGateway
afterEach(() => gateway.close())

it('agents open and list what is there, and hear when the rest has come', async () => {
  gateway = await FaultyGateway.start()
  await gateway.addBad('quick')
  const slow = gateway.add('slow', gateway.processes.bad('slow-list', '3000'))
  await slow.session()
  const legacy = await gateway.agent('legacy')
  const modern = await gateway.agent('modern')
  const stream = await openStream(gateway.http, 'GET', '/mcp', { 'Mcp-Session-Id': legacy.session ?? '' })
  expect((await modern.request('server/discover')).result).toBeDefined()
  for (const agent of [legacy, modern]) {
    const names = namesIn(await agent.request('tools/list'))
    expect(names).toContain('quick__echo')
    expect(names).not.toContain('slow__echo')
  }
  // All of that came before the list, which is what had to be shown.
  expect(slow.connection.state).toBe('connecting')
  await connected(slow)
  expect((await stream.next())?.method).toBe('notifications/tools/list_changed')
  for (const agent of [legacy, modern]) expect(namesIn(await agent.request('tools/list'))).toContain('slow__echo')
  stream.close()
})

function namesIn({ result }: { result?: Record<string, unknown> }): string[] {
  return ((result?.tools ?? []) as { name: string }[]).map(({ name }) => name)
}
