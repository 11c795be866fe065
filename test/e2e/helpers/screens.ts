import type { Locator, Page } from 'playwright-core'

interface Screen {
  path: string
  /** Is there once the screen shows what it is for. */
  shown: (page: Page) => Locator
}

const region = (name: string) => (page: Page) => page.getByRole('region', { name })
const grid = (name: string) => (page: Page) => page.getByRole('grid', { name })

/** Every route of the console, over a gateway that has what `fillGateway` gives it. */
export const screens: readonly Screen[] = [
  { path: '/integrations', shown: grid('Integrations') },
  { path: '/integrations/new', shown: region('Connection test') },
  { path: '/integrations/new/rest', shown: region('Connection test') },
  { path: '/integrations/accounts/tools', shown: grid('Tools') },
  { path: '/integrations/accounts/connection', shown: (page) => page.getByRole('form', { name: 'Connection' }) },
  { path: '/integrations/accounts/tool', shown: region('Preview') },
  {
    path: '/integrations/accounts/tool?tool=get_account',
    shown: (page) => region('Preview')(page).getByText('127.0.0.1:9/accounts/text'),
  },
  { path: '/integrations/new/openapi', shown: region('Drop a file, a folder or a zip here') },
  { path: '/integrations/import', shown: (page) => page.getByText(/^2 servers found/) },
  { path: '/integrations/import?from=document', shown: (page) => page.getByRole('button', { name: 'Choose file' }) },
  { path: '/integrations/everything/overview', shown: (page) => page.getByText('Protocol').first() },
  { path: '/integrations/everything/tools', shown: grid('Tools') },
  { path: '/integrations/everything/connection', shown: (page) => page.getByRole('form', { name: 'Connection' }) },
  { path: '/integrations/everything/traffic', shown: grid('Calls') },
  { path: '/integrations/everything/output', shown: (page) => page.getByRole('log') },
  { path: '/integrations/slack/overview', shown: (page) => page.getByRole('heading', { name: 'Slack' }) },
  { path: '/integrations/nobody/overview', shown: (page) => page.getByText(/^There is no integration named nobody/) },
  { path: '/tools', shown: (page) => page.getByText('everything__echo').first() },
  { path: '/playground', shown: (page) => page.getByRole('heading', { name: 'Playground' }) },
  { path: '/playground?tool=everything__get-sum', shown: (page) => page.getByRole('button', { name: /^Call tool/ }) },
  { path: '/traffic', shown: grid('Calls') },
  { path: '/traffic/changes', shown: grid('Changes') },
  { path: '/incidents', shown: grid('Incidents') },
  { path: '/incidents?status=resolved', shown: (page) => page.getByText('Nothing matches.') },
  { path: '/notifications/rules', shown: (page) => page.getByRole('checkbox', { name: 'All incidents to On call' }) },
  { path: '/notifications/rules/new', shown: (page) => page.getByText(/^Of the last \d+ events? /) },
  { path: '/notifications/channels', shown: grid('Channels') },
  { path: '/notifications/channels/new?kind=webhook', shown: region('Preview') },
  { path: '/notifications/channels/new?kind=email', shown: (page) => page.getByLabel('Mail server') },
  { path: '/notifications/channels/new?kind=slack', shown: (page) => page.getByRole('link', { name: 'Set up Slack' }) },
  {
    path: '/notifications/channels/new?kind=pagerduty',
    shown: (page) => page.getByLabel('Integration key of another service', { exact: true }),
  },
  { path: '/notifications/deliveries', shown: grid('Deliveries') },
  { path: '/notifications/sources', shown: (page) => page.getByRole('list', { name: 'Hook tokens' }) },
  { path: '/agents', shown: grid('Agents') },
  { path: '/agents?tab=profiles', shown: grid('Profiles') },
  { path: '/agents?tab=connect', shown: (page) => page.getByRole('list', { name: 'Clients' }) },
  { path: '/settings/general', shown: region('Appearance') },
  { path: '/settings/gateway', shown: region('Addresses') },
  { path: '/settings/vault', shown: region('Key') },
  { path: '/settings/plan', shown: region('Workspaces') },
  { path: '/settings/about', shown: region('Built with') },
  { path: '/nowhere', shown: (page) => page.getByRole('main').getByRole('button') },
]

interface Layer {
  name: string
  path: string
  open: (page: Page) => Promise<void>
  shown: (page: Page) => Locator
}

const dialog = (name: string) => (page: Page) =>
  page.getByRole('dialog', { name }).or(page.getByRole('alertdialog', { name }))
const menu = (page: Page) => page.getByRole('menu')
const click = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click()
const chooseIn = (button: string | RegExp, item: string) => async (page: Page) => {
  await page.getByRole('button', { name: button }).first().click()
  await page.getByRole('menuitem', { name: item }).click()
}

/** What opens above a screen. Escape closes each of them. */
export const layers: readonly Layer[] = [
  {
    name: 'palette',
    path: '/integrations',
    open: (page) => page.keyboard.press('Control+k'),
    shown: (page) => page.getByRole('option').first(),
  },
  {
    name: 'key list',
    path: '/integrations',
    open: async (page) => {
      await page.getByRole('row', { name: /PagerDuty/ }).focus()
      await page.keyboard.press('?')
    },
    shown: dialog('Keys'),
  },
  { name: 'ways to add', path: '/integrations', open: click('Add integration'), shown: menu },
  {
    name: 'filter of the catalog',
    path: '/integrations',
    open: (page) => page.getByRole('combobox', { name: 'Category' }).click(),
    shown: (page) => page.getByRole('listbox'),
  },
  { name: 'menu of a row', path: '/integrations', open: click('Menu of PagerDuty'), shown: menu },
  { name: 'workspaces', path: '/integrations', open: click(/^Workspace /), shown: menu },
  {
    name: 'new workspace',
    path: '/integrations',
    open: chooseIn(/^Workspace /, 'New workspace…'),
    shown: dialog('New workspace'),
  },
  {
    name: 'stored test',
    path: '/integrations/everything/overview',
    open: click('Test connection'),
    shown: (page) => page.getByRole('dialog').getByText(/^Connected\. /),
  },
  {
    name: 'tools/list',
    path: '/tools',
    open: click('Preview'),
    shown: (page) => page.getByRole('dialog', { name: /^tools\/list/ }).getByText('everything__echo'),
  },
  { name: 'clear log', path: '/traffic', open: click('Clear log'), shown: dialog('Clear the call log?') },
  {
    name: 'report of an incident',
    path: '/incidents',
    open: click('Report an incident'),
    shown: dialog('Report an incident'),
  },
  { name: 'ways to tell', path: '/notifications/channels', open: click('Add channel'), shown: menu },
  {
    name: 'new hook token',
    path: '/notifications/sources',
    open: click('Add hook token'),
    shown: dialog('Add hook token'),
  },
  { name: 'new agent', path: '/agents', open: click('Add agent'), shown: dialog('Add agent') },
  {
    name: 'revoke',
    path: '/agents',
    open: chooseIn('Menu of default', 'Revoke…'),
    shown: dialog('Revoke default?'),
  },
  { name: 'new profile', path: '/agents?tab=profiles', open: click('Add profile'), shown: dialog('Add profile') },
  {
    name: 'config of a client',
    path: '/agents?tab=connect',
    open: click('Write config of Cursor'),
    shown: (page) => page.getByRole('region', { name: 'Changes to the configuration of Cursor' }),
  },
  {
    name: 'export',
    path: '/settings/general',
    open: click('Export configuration'),
    shown: (page) => page.getByLabel('Exported configuration'),
  },
  {
    name: 'restart of the gateway',
    path: '/settings/gateway',
    open: click('Restart gateway'),
    shown: dialog('Restart the gateway?'),
  },
  {
    name: 'reset of the vault',
    path: '/settings/vault',
    open: click('Reset vault…'),
    shown: (page) => page.getByRole('dialog').or(page.getByRole('alertdialog')),
  },
]
