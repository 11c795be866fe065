import { execFile } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'
import { createHttpClient } from '../../helpers/http-client.ts'
import { desktopHomes, openDesktop, runDesktop, temporaryDataDir, type Desktop } from '../helpers/desktop.ts'

const junk = ['gatehouse://integrations/add?command=touch%20/tmp/x', 'gatehouse://integration/there?enable=true']

/** Something to be shown; nothing runs for it. */
async function addThere({ run }: Desktop, workspace = 'default'): Promise<void> {
  const gateway = { apiUrl: run.api_url, token: run.admin_token }
  if (workspace !== 'default') {
    await createHttpClient(gateway).workspaces.create({ name: workspace, plan: 'enterprise' })
  }
  const client = createHttpClient({ ...gateway, workspace })
  const mcp = { transport: 'stdio' as const, command: process.execPath, args: ['--version'] }
  await client.integrations.create({ name: 'there', display_name: 'There', protocol: 'mcp', mcp })
}

const routeOf = (page: Desktop['page']) => new URL(page.url()).hash.replace(/\?.*$/, '')
const logOf = (dataDir: string) => readFileSync(join(dataDir, 'logs', 'gatehouse.log'), 'utf8')
const ignored = (dataDir: string) => logOf(dataDir).match(/a link that means nothing was ignored/g)?.length ?? 0

async function closeWindow({ app, page }: Desktop): Promise<void> {
  const closed = page.waitForEvent('close')
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await closed
}

test('a link opens the console on an integration, and no other link does anything', async () => {
  const dataDir = await temporaryDataDir()
  const desktop = await openDesktop({ dataDir })
  const { app, page } = desktop
  await addThere(desktop)
  const second = (link: string) => runDesktop({ dataDir, args: [link] })

  expect(await second('gatehouse://integration/there')).toBe(0)
  await page.getByRole('heading', { name: 'There' }).waitFor()
  expect(routeOf(page)).toBe('#/integrations/there/overview')

  await closeWindow(desktop)
  for (const link of junk) expect(await second(link)).toBe(0)
  await vi.waitFor(() => expect(ignored(dataDir)).toBe(junk.length))
  expect(app.windows()).toEqual([])
  const client = createHttpClient({ apiUrl: desktop.run.api_url, token: desktop.run.admin_token })
  expect((await client.integrations.list()).items.filter(({ status }) => status === 'active')).toHaveLength(1)

  const [reopened] = await Promise.all([app.waitForEvent('window'), second('gatehouse://integration/there')])
  await reopened.getByRole('heading', { name: 'There' }).waitFor()
  expect(app.windows()).toHaveLength(1)
})

test('macOS hands over a link by an event, which is the same', async () => {
  const dataDir = await temporaryDataDir()
  const desktop = await openDesktop({ dataDir })
  const { app, page } = desktop
  await addThere(desktop)
  const openUrl = (link: string) =>
    app.evaluate((electron, url) => {
      let prevented = false
      electron.app.emit('open-url', { preventDefault: () => (prevented = true) }, url)
      return prevented
    }, link)
  expect(await openUrl(junk[0] ?? '')).toBe(true)
  await vi.waitFor(() => expect(ignored(dataDir)).toBe(1))
  expect(await openUrl('gatehouse://integration/there')).toBe(true)
  await page.getByRole('heading', { name: 'There' }).waitFor()
})

test('the first start follows its link as well, one from another workspace too', async () => {
  const dataDir = await temporaryDataDir()
  const first = await openDesktop({ dataDir })
  await addThere(first, 'staging')
  await first.quit()
  const { page } = await openDesktop({ dataDir, args: ['gatehouse://integration/there'] })
  await page.getByRole('heading', { name: 'There' }).waitFor()
  await page.getByRole('button', { name: /^Workspace staging/ }).waitFor()
  // The workspace was chosen once; it is not part of the place.
  expect(new URL(page.url()).hash).toBe('#/integrations/there/overview')
})

test('links lead to the usual data folder from its start, and to another one not before it needs them', async () => {
  const other = await temporaryDataDir()
  const elsewhere = await openDesktop({ dataDir: other })
  await addThere(elsewhere)
  expect(existsSync(join(desktopHomes(other).XDG_CONFIG_HOME, 'mimeapps.list'))).toBe(false)
  await elsewhere.quit()

  const home = await temporaryDataDir()
  const env = { ...desktopHomes(home), XDG_CURRENT_DESKTOP: 'X-Generic', XDG_DATA_DIRS: home, XDG_CONFIG_DIRS: home }
  const dataDir = join(env.XDG_DATA_HOME, 'gatehouse')
  const usual = await openDesktop({ dataDir, env })
  await addThere(usual)
  await vi.waitFor(() => expect(existsSync(join(env.XDG_CONFIG_HOME, 'mimeapps.list'))).toBe(true))
  await promisify(execFile)('xdg-open', ['gatehouse://integration/there'], { env: { ...process.env, ...env } })
  await usual.page.getByRole('heading', { name: 'There' }).waitFor()
})
