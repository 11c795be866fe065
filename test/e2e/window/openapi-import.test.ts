import { createServer, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { createHttpClient } from '../../helpers/http-client.ts'
import { accessibilityProblems } from '../helpers/accessibility.ts'
import { connectAgents } from '../helpers/agents.ts'
import { openDesktop, temporaryDataDir } from '../helpers/desktop.ts'
import { goTo } from '../helpers/running-console.ts'

/** An API that answers what it was asked, to whoever has the token. */
async function startApi(): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(told(request))
    const allowed = request.headers.authorization === 'Bearer let-me-in'
    response.writeHead(allowed ? 200 : 401, { 'content-type': 'application/json' })
    response.end(JSON.stringify(allowed ? { asked: told(request) } : { message: 'No.' }))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, asked }
}

const told = ({ method, url }: IncomingMessage): string => `${method} ${url}`

function describe(url: string, changes: { summary?: string; more?: object } = {}): string {
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' } }
  const answer = { responses: { 200: { description: 'OK' } } }
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'Billing API', version: '1' },
    servers: [{ url }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
    paths: {
      '/invoices': {
        get: { operationId: 'list_invoices', tags: ['Invoices'], summary: 'All invoices', ...answer },
        post: { operationId: 'create_invoice', tags: ['Invoices'], ...answer },
      },
      '/invoices/{id}': {
        parameters: [id],
        get: {
          operationId: 'get_invoice',
          tags: ['Invoices'],
          summary: changes.summary ?? 'One invoice',
          ...answer,
        },
        delete: { operationId: 'delete_invoice', tags: ['Invoices'], ...answer },
      },
      ...changes.more,
    },
  })
}

/** As a hand would drop it: the event that the window gets from the system. */
async function drop(page: Page, selector: string, name: string, text: string): Promise<void> {
  const dataTransfer = await page.evaluateHandle(
    ({ file, content }) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([content], file))
      return transfer
    },
    { file: name, content: text },
  )
  const target = page.locator(selector).first()
  await target.dispatchEvent('dragover', { dataTransfer })
  await target.dispatchEvent('drop', { dataTransfer })
}

test('a description that is dropped on the form becomes tools that an agent calls, and is imported again', async () => {
  const api = await startApi()
  const { page, run } = await openDesktop({ dataDir: await temporaryDataDir() })
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await goTo(page, '/integrations/new/rest')
  await page.getByLabel('Base URL').waitFor()
  await drop(page, 'form[aria-label="REST API"] > div', 'billing.json', describe(api.url))

  const operations = page.getByRole('treegrid', { name: 'Operations' })
  await operations.waitFor()
  await page.getByText('2 of 4 selected').waitFor()
  await page.getByRole('checkbox', { name: 'Select GET /invoices', exact: true }).click()
  await page.getByRole('checkbox', { name: 'Select POST /invoices' }).click()
  await page.getByText('2 of 4 selected').waitFor()
  expect(await accessibilityProblems(page)).toEqual([])

  await page.keyboard.press('Control+Enter')
  expect(await page.getByLabel('Base URL').inputValue()).toBe(api.url)
  await page.getByLabel('API token', { exact: true }).fill('let-me-in')
  await page.keyboard.press('Control+Enter')
  await page.getByText('2: 1 that read, 1 that write').waitFor()
  await page.keyboard.press('Control+Enter')
  const tools = page.getByRole('grid', { name: 'Tools' })
  await tools.getByText('get_invoice', { exact: true }).waitFor()

  const admin = createHttpClient({ apiUrl: run.api_url, token: run.admin_token, workspace: 'default' })
  const { token } = await admin.agents.create({ name: 'accountant' })
  const { modern, legacy } = await connectAgents(run.mcp_url, token)
  const names = (await modern.toolNames()).filter((name) => name.startsWith('billing__'))
  expect(names.sort()).toEqual(['billing__create_invoice', 'billing__get_invoice'])
  for (const agent of [modern, legacy]) {
    expect(await agent.call('billing__get_invoice', { id: 'a/b' })).toContain('GET /v1/invoices/a%2Fb')
  }
  expect(api.asked).toEqual(['GET /v1/invoices/a%2Fb', 'GET /v1/invoices/a%2Fb'])

  // A release later.
  await page.getByRole('link', { name: 'Check for changes' }).click()
  await page.getByRole('region', { name: 'Drop a newer document here' }).waitFor()
  const refunds = { '/refunds': { get: { operationId: 'list_refunds', responses: { 200: { description: 'OK' } } } } }
  const newer = describe(api.url, { summary: 'An invoice with its lines', more: refunds })
  await drop(page, 'section[aria-label="Drop a newer document here"]', 'billing.json', newer)
  const changes = page.getByRole('treegrid', { name: 'Changes of the document' })
  await changes.waitFor()
  await page.getByText(/^1 new, 1 changed/).waitFor()
  await page.getByRole('checkbox', { name: 'Add list_refunds' }).click()
  await page.keyboard.press('Control+Enter')
  await tools.getByText('list_refunds', { exact: true }).waitFor()
  await tools.getByText('An invoice with its lines').waitFor()
})
