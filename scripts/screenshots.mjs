import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { pinnedNode, root } from './paths.mjs'
import { step } from './progress.mjs'
import { fillGateway, fillHome, startServers } from './screenshots/demo-gateway.mjs'
import { pictures } from './screenshots/pictures.mjs'
import { withWindows } from './windows.mjs'

/**
 * Makes docs/screenshots from the running window, in both themes: real servers, calls and clients. Run it by
 * `npm run screenshots` after a change that can be seen.
 */
const folder = join(root, 'docs', 'screenshots')
/** The same in every run: it can be read in some of the pictures. */
const demo = join(tmpdir(), 'gatehouse-demo')

async function main() {
  await ensureInstalled()
  await ensureBuilt()
  await withWindows((env) => step('Taking screenshots', () => takeAll(env)))
}

async function takeAll(windows) {
  const { _electron } = await import('playwright-core')
  rmSync(demo, { recursive: true, force: true })
  const home = join(demo, 'home')
  fillHome(home)
  const env = {
    ...process.env,
    ...windows,
    PATH: [join(root, 'node_modules', '.bin'), dirname(pinnedNode), process.env.PATH].join(delimiter),
    HOME: home,
    XDG_CONFIG_HOME: join(home, '.config'),
    // A login shell would have a PATH of its own.
    SHELL: '',
    GATEHOUSE_VAULT: 'key',
    GATEHOUSE_VAULT_KEY: Buffer.alloc(32, 7).toString('base64'),
  }
  const servers = await startServers(env)
  const switches = windows.GATEHOUSE_ELECTRON_ARGS.split(' ').filter((item) => item !== '')
  const app = await _electron.launch({
    executablePath: windows.GATEHOUSE_ELECTRON,
    args: [...switches, root, `--data-dir=${join(demo, 'data')}`, '--port=7420'],
    cwd: root,
    env,
  })
  try {
    const page = await app.firstWindow()
    await page.getByText('No custom integrations yet.').waitFor()
    await fillGateway(JSON.parse(readFileSync(join(demo, 'data', 'run.json'), 'utf8')), home)
    mkdirSync(folder, { recursive: true })
    for (const old of readdirSync(folder)) rmSync(join(folder, old))
    for (const theme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      for (const picture of pictures) await take(page, picture, theme)
    }
  } finally {
    await app.close()
    servers.close()
    rmSync(demo, { recursive: true, force: true })
  }
}

async function take(page, { name, path, shown, before, after }, theme) {
  try {
    await page.evaluate((hash) => (location.hash = hash), path)
    await shown(page).waitFor()
    // The focus that the last picture left shows only where it is what the picture is about.
    await page.evaluate(() => document.activeElement?.blur())
    await before?.(page)
    // No pointer over anything, and everything loaded drawn.
    await page.mouse.move(0, 0)
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`) })
    await after?.(page)
  } catch (error) {
    throw new Error(`${name} (${theme}): ${error.message}`, { cause: error })
  }
}

try {
  await main()
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
