import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { AppError } from '../../../src/main/base/app-error.ts'
import { HookDoor } from '../../../src/main/http/hook-door.ts'
import { log } from './fixture.ts'

/** The door alone, with an intake that fails as it is told to. */
async function doorThatFailsWith(error: unknown): Promise<(path: string, body: object) => Promise<Response>> {
  const fail = () => Promise.reject(error instanceof Error ? error : new Error(String(error)))
  const door = new HookDoor({
    hookTokens: {
      authenticate: (token) => (token === 'good' ? { id: 't', name: 't', workspace: 'default' } : undefined),
    },
    receiver: { receive: fail },
    incidents: { tell: fail },
    metrics: fail,
    adminToken: 'admin',
    log,
  })
  const server = createServer((request, response) => void door.handle(request, response)).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return (path, body) =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer good', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
}

it.each([
  ['/hooks/events', { title: 'a' }],
  ['/hooks/alertmanager', { version: '4', alerts: [] }],
])('%s tells a sender to try again when nothing more can wait', async (path, body) => {
  const post = await doorThatFailsWith(new AppError('rate_limited'))
  const answer = await post(path, body)
  expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await answer.json()).toMatchObject({ error: { code: 'rate_limited' } })
})

it('says nothing of a fault of its own but a number that the log has', async () => {
  const post = await doorThatFailsWith(new Error('a secret path'))
  const answer = await post('/hooks/events', { title: 'a' })
  const text = await answer.text()
  expect(answer.status).toBe(500)
  expect(text).toMatch(/Request [0-9a-f-]{36}/)
  expect(text).not.toContain('secret')
})
