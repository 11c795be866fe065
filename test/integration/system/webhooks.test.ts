import { text } from 'node:stream/consumers'
import { expect, it, onTestFinished } from 'vitest'
import { serveHttp } from '../../helpers/serve-http.ts'
import { startTestApp } from '../../helpers/start-app.ts'

it('webhooks have no address of their own, and send to configured ones only', async () => {
  const bodies: string[] = []
  const origin = await serveHttp((request, response) => {
    void text(request).then((body) => {
      bodies.push(body)
      response.end('taken')
    })
  })
  const app = await startTestApp()
  onTestFinished(() => app.close())
  const client = app.client('rpc')
  const stream = await client.setup.apply({ name: 'webhooks', way: 'channels' })
  let step = await stream.next()
  while (step.done !== true) step = await stream.next()
  expect(step.value).toMatchObject({ ok: true, saved: true, integration: { rest: null, source: 'system' } })
  expect(await client.integrations.test({ name: 'webhooks' })).toMatchObject({ ok: true, tool_count: 2 })
  await client.channels.create({ kind: 'webhook', name: 'deploys', webhook: { url: `${origin}/hook` } })
  const args = { endpoint: 'deploys', type: 'deploy.finished', data: { commit: 'abc' } }
  const sent = await client.tools.call({ name: 'webhooks__send_webhook', arguments: args })
  expect(sent).toMatchObject({ structuredContent: { delivered: true } })
  expect(bodies).toHaveLength(1)
  expect(bodies[0]).toContain('"commit":"abc"')
  const elsewhere = { ...args, endpoint: `${origin}/elsewhere` }
  expect(await client.tools.call({ name: 'webhooks__send_webhook', arguments: elsewhere })).toMatchObject({
    isError: true,
  })
  expect(bodies).toHaveLength(1)
  await app.client('rpc').integrations.disable({ name: 'webhooks' })
  expect(await client.integrations.get({ name: 'webhooks' })).toMatchObject({ connection: { state: 'disabled' } })
})
