import { newServerUrl } from './demo-gateway.mjs'

const button = (page, name) => page.getByRole('button', { name }).first()
const grid = (page, name) => page.getByRole('grid', { name })
const escape = (page) => page.keyboard.press('Escape')

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
