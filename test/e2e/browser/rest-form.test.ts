import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished, expect, test } from 'vitest'
import { connectAgents } from '../helpers/agents.ts'
import { goTo, shareConsole } from '../helpers/running-console.ts'

const shared = shareConsole()

interface Received {
  method: string
  url: string
  authorization: string | undefined
  body: string
}

/** An API that tells what it was asked, and keeps it. Without its token it refuses. */
async function startApi(): Promise<{ baseUrl: string; received: Received[] }> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    void textOf(request).then((body) => {
      const { method = '', url = '', headers } = request
      received.push({ method, url, authorization: headers.authorization, body })
      response.writeHead(headers.authorization === 'Bearer let-me-in' ? 200 : 401, {
        'content-type': 'application/json',
      })
      response.end(
        JSON.stringify({ asked: `${method} ${url}`, amount: body === '' ? null : (JSON.parse(body) as unknown) }),
      )
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/billing/v1`, received }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

test(
  'an API is added by hand with two tools, tried, changed, and called as an agent',
  { timeout: 180_000 },
  async () => {
    const { baseUrl, received } = await startApi()
    const page = await shared.open()
    await page.getByRole('button', { name: 'Add integration' }).first().click()
    await page.getByRole('menuitem', { name: 'REST API' }).click()
    await page.getByLabel('Base URL').waitFor()
    // The first field has the focus.
    await page.keyboard.insertText(baseUrl)
    expect(await page.getByLabel('Name', { exact: true }).inputValue()).toBe('billing')
    await page.getByLabel('API token', { exact: true }).fill('let-me-in')

    await page.getByRole('button', { name: 'Add tool' }).click()
    await page.getByLabel('Path', { exact: true }).fill('/invoices/{id}')
    await page.getByLabel('Description', { exact: true }).fill('Returns one invoice.')
    const preview = page.getByRole('region', { name: 'Preview' })
    await preview.getByText(`${baseUrl}/invoices/text`).waitFor()
    await preview.getByText('Bearer ••••').waitFor()
    expect(await page.getByRole('main').innerText()).not.toContain('let-me-in')
    expect(received).toEqual([])
    await page.keyboard.press('Control+Enter')
    await page.getByText('HTTP 200').waitFor()
    expect(received).toMatchObject([{ url: '/billing/v1/invoices/text', authorization: 'Bearer let-me-in' }])
    await page.keyboard.press('Control+s')

    await page.getByRole('region', { name: 'Tools' }).getByText('get_invoices_by_id').waitFor()
    await page.keyboard.press('Enter')
    await page.getByLabel('Path', { exact: true }).fill('POST /invoices')
    await page.getByLabel('Name', { exact: true }).fill('create_invoice')
    await page.getByRole('button', { name: 'Add parameter' }).click()
    await page.keyboard.insertText('amount')
    await page.getByLabel('Place of amount').selectOption('Body')
    await page.getByLabel('Type of amount').selectOption('integer')
    await page.getByLabel('amount is required').check()
    await page.getByRole('button', { name: /^Try it/ }).click()
    // It may change something, so it is not sent yet.
    await page.getByRole('alertdialog', { name: 'Send this POST?' }).getByRole('button', { name: 'Cancel' }).click()
    expect(received).toHaveLength(1)
    await page.getByRole('button', { name: /^Add tool/ }).click()
    await page.getByRole('button', { name: /^Add and show tools/ }).click()

    const tools = page.getByRole('grid', { name: 'Tools' })
    await tools.getByRole('row', { name: /get_invoices_by_id/ }).press('Enter')
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await page.getByLabel('Name', { exact: true }).fill('get_invoice')
    await page.keyboard.press('Control+s')
    await tools
      .getByRole('row', { name: /get_invoice/ })
      .first()
      .waitFor()
    await tools.getByText('get_invoice', { exact: true }).first().waitFor()

    const { token } = await shared.running.client().agents.create({ name: 'rest-form' })
    const { modern, legacy } = await connectAgents(shared.running.mcpUrl, token)
    const names = ['billing__create_invoice', 'billing__get_invoice']
    for (const agent of [modern, legacy]) expect(await agent.toolNames()).toEqual(expect.arrayContaining(names))
    expect(await modern.call('billing__get_invoice', { id: 'a/b' })).toContain('GET /billing/v1/invoices/a%2Fb')
    expect(await legacy.call('billing__create_invoice', { amount: 12 })).toContain('POST /billing/v1/invoices')
    expect(received.at(-1)).toMatchObject({ method: 'POST', body: '{"amount":12}', authorization: 'Bearer let-me-in' })
  },
)

test('a tool that is deleted comes back by Undo', { timeout: 60_000 }, async () => {
  const client = shared.running.client()
  await client.integrations.create({
    name: 'undone',
    protocol: 'rest',
    rest: {
      base_url: 'http://127.0.0.1:9',
      tools: [
        { name: 'first', method: 'GET', path: '/1' },
        { name: 'second', method: 'GET', path: '/2' },
      ],
    },
  })
  const toolsOf = async () => (await client.integrations.get({ name: 'undone' })).rest?.tools?.map(({ name }) => name)
  const page = await shared.open()
  await goTo(page, '/integrations/undone/tools')
  // Of this page's list: the catalog, which says "first" as well, may still be there.
  const first = page.getByRole('grid', { name: 'Tools' }).getByRole('row', { name: /first/ })
  await first.press('Backspace')
  await page.getByText('Deleted first.').waitFor()
  expect(await toolsOf()).toEqual(['second'])
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await first.waitFor()
  expect(await toolsOf()).toEqual(['first', 'second'])
})
