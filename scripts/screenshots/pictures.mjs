import { newServerUrl } from './demo-gateway.mjs'

const button = (page, name) => page.getByRole('button', { name }).first()
const grid = (page, name) => page.getByRole('grid', { name })
const escape = (page) => page.keyboard.press('Escape')

/** A document with something of everything: tags, methods, what is deprecated, and a scheme of authentication. */
const invoiceApi = (() => {
  const id = { name: 'id', in: 'path', required: true, schema: { type: 'string' }, description: 'Its number.' }
  const status = { name: 'status', in: 'query', schema: { enum: ['open', 'paid', 'overdue'] } }
  const answer = { responses: { 200: { description: 'OK' } } }
  const operation = (operationId, tag, summary, more = {}) => ({
    operationId,
    tags: [tag],
    summary,
    ...answer,
    ...more,
  })
  return JSON.stringify({
    openapi: '3.1.0',
    info: {
      title: 'Billing API',
      version: '2.4.0',
      description: 'Invoices, payments and the customers they belong to.',
    },
    servers: [{ url: 'https://billing.example.com/v2' }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
    paths: {
      '/invoices': {
        get: operation('list_invoices', 'Invoices', 'List invoices, newest first', { parameters: [status] }),
        post: operation('create_invoice', 'Invoices', 'Create an invoice as a draft'),
      },
      '/invoices/{id}': {
        parameters: [id],
        get: operation('get_invoice', 'Invoices', 'One invoice with its lines'),
        patch: operation('update_invoice', 'Invoices', 'Change a draft'),
        delete: operation('delete_invoice', 'Invoices', 'Delete a draft'),
      },
      '/invoices/{id}/pdf': { parameters: [id], get: operation('get_invoice_pdf', 'Invoices', 'The invoice as a PDF') },
      '/payments': {
        get: operation('list_payments', 'Payments', 'List payments'),
        post: operation('create_payment', 'Payments', 'Record a payment'),
      },
      '/customers/{id}': { parameters: [id], get: operation('get_customer', 'Customers', 'One customer') },
      '/clients/{id}': {
        parameters: [id],
        get: operation('get_client', 'Customers', 'One customer, by its former name', { deprecated: true }),
      },
    },
  })
})()

async function readDocument(page) {
  const file = { name: 'billing.openapi.json', mimeType: 'application/json', buffer: Buffer.from(invoiceApi) }
  await page.getByLabel('OpenAPI file').setInputFiles(file)
  await page.getByRole('treegrid', { name: 'Operations' }).waitFor()
}

async function leaveImport(page) {
  await button(page, 'Cancel').click()
  await button(page, 'Leave').click()
}

/** Each picture: its name, its route, and what has to be there; then what is done before it is taken, and after. */
export const pictures = [
  { name: 'integrations', path: '/integrations', shown: (page) => page.getByText('Needs sign-in').first() },
  {
    name: 'palette',
    path: '/integrations',
    shown: (page) => grid(page, 'Integrations'),
    before: async (page) => {
      await page.keyboard.press('Control+k')
      await page.keyboard.type('memory')
      await page.getByRole('option').first().waitFor()
    },
    after: escape,
  },
  {
    name: 'keys',
    path: '/integrations',
    shown: (page) => grid(page, 'Integrations'),
    before: async (page) => {
      await page.getByRole('row', { name: /memory/ }).focus()
      await page.keyboard.press('?')
      await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    },
    after: escape,
  },
  {
    name: 'undo',
    path: '/integrations',
    shown: (page) => grid(page, 'Integrations'),
    before: async (page) => {
      await page.getByRole('row', { name: /archive/ }).press('Backspace')
      await page.getByText('Deleted Archive.').waitFor()
    },
    after: async (page) => {
      await page.getByRole('button', { name: 'Undo' }).click()
      await page
        .getByRole('row', { name: /archive/ })
        .getByText('Stopped after repeated crashes')
        .waitFor({ timeout: 60_000 })
    },
  },
  {
    name: 'add-mcp-server',
    path: '/integrations/new',
    shown: (page) => page.getByRole('region', { name: 'Connection test' }),
    before: async (page) => {
      await page.getByLabel(/^Paste a server URL/).fill('npx -y @modelcontextprotocol/server-everything')
      await button(page, 'Test connection').click()
      await page.getByText(/^Connected\. \d+ tools found in /).waitFor({ timeout: 60_000 })
    },
    after: async (page) => {
      await button(page, 'Cancel').click()
      await button(page, 'Leave').click()
    },
  },
  {
    name: 'use-http-instead',
    path: '/integrations/new',
    shown: (page) => page.getByRole('region', { name: 'Connection test' }),
    before: async (page) => {
      await page.getByLabel(/^Paste a server URL/).fill(newServerUrl)
      await page.getByRole('radio', { name: 'SSE' }).check({ force: true })
      await button(page, 'Test connection').click()
      await page
        .getByRole('region', { name: 'Connection test' })
        .getByRole('button', { name: 'Use HTTP instead' })
        .waitFor()
    },
    after: async (page) => {
      await button(page, 'Cancel').click()
      await button(page, 'Leave').click()
    },
  },
  {
    name: 'add-rest-api',
    path: '/integrations/new/rest',
    shown: (page) => page.getByLabel('Base URL'),
    before: (page) => page.getByLabel('Base URL').fill('https://billing.corp.example/v1'),
  },
  {
    name: 'rest-tool',
    path: '/integrations/new/rest',
    shown: (page) => page.getByLabel('Base URL'),
    before: async (page) => {
      await button(page, 'Add tool').click()
      await page.getByLabel('Path', { exact: true }).fill('/invoices/{id}')
      await page.getByLabel('Description', { exact: true }).fill('Returns one invoice with its lines.')
      await page.getByRole('region', { name: 'Preview' }).getByText('billing.corp.example/v1/invoices/text').waitFor()
    },
    after: async (page) => {
      await button(page, 'Cancel').click()
      await button(page, 'Leave').click()
      await button(page, 'Cancel').click()
      await button(page, 'Leave').click()
    },
  },
  {
    name: 'openapi-source',
    path: '/integrations/new/openapi',
    shown: (page) => page.getByRole('region', { name: 'Drop a file, a folder or a zip here' }),
  },
  {
    name: 'openapi-operations',
    path: '/integrations/new/openapi',
    shown: (page) => page.getByRole('region', { name: 'Drop a file, a folder or a zip here' }),
    before: async (page) => {
      await readDocument(page)
      await page.getByRole('row', { name: 'Select GET /invoices/{id} GET' }).press('Enter')
      await page.getByLabel('Name', { exact: true }).waitFor()
    },
    after: leaveImport,
  },
  {
    name: 'openapi-review',
    path: '/integrations/new/openapi',
    shown: (page) => page.getByRole('region', { name: 'Drop a file, a folder or a zip here' }),
    before: async (page) => {
      await readDocument(page)
      await button(page, /^Next/).click()
      await page.getByLabel('Base URL').waitFor()
      await button(page, /^Next/).click()
      await page.getByText(/that read/).waitFor()
    },
    after: leaveImport,
  },
  { name: 'import-clients', path: '/integrations/import', shown: (page) => page.getByText(/^5 servers found/) },
  {
    name: 'import-document',
    path: '/integrations/import?from=document',
    shown: (page) => button(page, 'Choose file'),
    before: async (page) => {
      await page.getByLabel(/^An export of Gatehouse/).fill(
        JSON.stringify(
          {
            mcpServers: {
              weather: { url: 'https://weather.example/mcp', headers: { 'X-Key': 'k' } },
              memory: { command: 'mcp-server-memory' },
            },
          },
          null,
          2,
        ),
      )
      await button(page, 'Show plan').click()
      await page.getByRole('region', { name: 'What it would change' }).waitFor()
    },
  },
  { name: 'overview', path: '/integrations/everything/overview', shown: (page) => page.locator('canvas') },
  {
    name: 'overview-crashed',
    path: '/integrations/archive/overview',
    shown: (page) => page.getByText('Stopped after repeated crashes').first(),
  },
  {
    name: 'tool-filter',
    path: '/integrations/everything/tools',
    shown: (page) => page.getByText('get-sum', { exact: true }).first(),
  },
  {
    name: 'tool-approval',
    path: '/integrations/tickets/tools',
    shown: (page) => page.getByText('1 tool changed since you approved it'),
    before: async (page) => {
      await grid(page, 'Tools').getByRole('row', { name: /read/ }).press('Enter')
      await page.getByRole('region', { name: 'What changed in read' }).waitFor()
    },
  },
  {
    name: 'connection',
    path: '/integrations/billing/connection',
    shown: (page) => page.getByRole('form', { name: 'Connection' }),
  },
  {
    name: 'integration-traffic',
    path: '/integrations/everything/traffic',
    shown: (page) => grid(page, 'Calls').getByText('everything__get-sum').first(),
  },
  {
    name: 'output',
    path: '/integrations/archive/output',
    shown: (page) => page.getByRole('log').getByText('Event').first(),
  },
  { name: 'tools', path: '/tools', shown: (page) => page.getByText('everything__echo').first() },
  {
    name: 'tools-preview',
    path: '/tools',
    shown: (page) => page.getByText('everything__echo').first(),
    before: async (page) => {
      await button(page, 'Preview').click()
      await page.getByRole('dialog').getByText('everything__echo').first().waitFor()
    },
    after: escape,
  },
  {
    name: 'playground',
    path: '/playground?tool=everything__get-sum',
    shown: (page) => button(page, /^Call tool/),
    before: async (page) => {
      await page
        .getByRole('textbox', { name: /^a\b/ })
        .or(page.getByRole('spinbutton', { name: /^a\b/ }))
        .first()
        .fill('1204')
      await page
        .getByRole('textbox', { name: /^b\b/ })
        .or(page.getByRole('spinbutton', { name: /^b\b/ }))
        .first()
        .fill('48310')
      await button(page, /^Call tool/).click()
      await page.getByRole('region', { name: 'Result' }).getByText(/49514/).first().waitFor()
    },
  },
  { name: 'traffic', path: '/traffic', shown: (page) => page.locator('canvas') },
  {
    name: 'traffic-call',
    path: '/traffic',
    shown: (page) => grid(page, 'Calls'),
    before: async (page) => {
      await grid(page, 'Calls')
        .getByRole('row', { name: /claude-code.*everything__get-sum/ })
        .first()
        .click()
      await page.getByRole('region', { name: 'Request' }).waitFor()
    },
    after: escape,
  },
  { name: 'changes', path: '/traffic/changes', shown: (page) => grid(page, 'Changes') },
  { name: 'incidents', path: '/incidents', shown: (page) => grid(page, 'Incidents').getByText('Checkout answers 5xx') },
  {
    name: 'incident',
    path: '/incidents',
    shown: (page) => grid(page, 'Incidents').getByText('Checkout answers 5xx'),
    before: async (page) => {
      await page.getByRole('row', { name: /Checkout answers 5xx/ }).press('Enter')
      const pane = page.getByRole('region', { name: /^Incident #/ })
      await pane.getByRole('region', { name: 'Notices' }).getByText('Delivered').first().waitFor()
    },
    after: escape,
  },
  {
    name: 'notification-rules',
    path: '/notifications/rules',
    shown: (page) => page.getByRole('checkbox', { name: 'HIGH incidents only to On call' }),
  },
  {
    name: 'edit-rule',
    path: '/notifications/rules/new',
    shown: (page) => page.getByText(/^Of the last \d+ events? /),
  },
  {
    name: 'notification-channels',
    path: '/notifications/channels',
    shown: (page) => grid(page, 'Channels').getByText('On call'),
  },
  {
    name: 'notification-deliveries',
    path: '/notifications/deliveries',
    shown: (page) => grid(page, 'Deliveries').getByText('Delivered').first(),
  },
  {
    name: 'set-up-prometheus',
    path: '/integrations/prometheus/overview',
    shown: (page) => page.getByRole('form', { name: 'Set up Prometheus' }),
  },
  { name: 'agents', path: '/agents', shown: (page) => page.getByText('claude-code').first() },
  {
    name: 'add-agent',
    path: '/agents',
    shown: (page) => page.getByText('claude-code').first(),
    before: async (page) => {
      await button(page, 'Add agent').click()
      await page.getByRole('dialog', { name: 'Add agent' }).waitFor()
    },
    after: escape,
  },
  { name: 'profiles', path: '/agents?tab=profiles', shown: (page) => grid(page, 'Profiles') },
  {
    name: 'edit-profile',
    path: '/agents?tab=profiles',
    shown: (page) => grid(page, 'Profiles'),
    before: async (page) => {
      await page.getByRole('row', { name: /Read only/ }).press('Enter')
      await page
        .getByRole('dialog')
        .getByText(/^Shows \d+ of/)
        .waitFor()
    },
    after: escape,
  },
  { name: 'connect', path: '/agents?tab=connect', shown: (page) => page.getByRole('list', { name: 'Clients' }) },
  {
    name: 'connect-diff',
    path: '/agents?tab=connect',
    shown: (page) => page.getByRole('list', { name: 'Clients' }),
    before: async (page) => {
      await button(page, 'Write config of Cursor').click()
      await page.getByRole('region', { name: 'Changes to the configuration of Cursor' }).waitFor()
    },
    after: escape,
  },
  ...['general', 'gateway', 'vault', 'plan', 'about'].map((part) => ({
    name: `settings-${part}`,
    path: `/settings/${part}`,
    shown: (page) => page.getByRole('main').getByRole('region').getByRole('heading').first(),
  })),
  {
    name: 'export',
    path: '/settings/general',
    shown: (page) => button(page, 'Export configuration'),
    before: async (page) => {
      await button(page, 'Export configuration').click()
      await page.getByLabel('Exported configuration').waitFor()
    },
    after: escape,
  },
]
