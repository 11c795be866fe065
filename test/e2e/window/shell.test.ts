import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { DataDir } from '../../../src/main/base/data-dir.ts'
import { openDesktop, runDesktop, temporaryDataDir } from '../helpers/desktop.ts'
import { descendantsOf, isAlive } from '../helpers/processes.ts'

const healthy = async (mcpUrl: string) => (await fetch(new URL('/healthz', mcpUrl))).ok

test('the page can not leave its box', async () => {
  const dataDir = await temporaryDataDir()
  const { app, page } = await openDesktop({
    dataDir,
    expectedErrors: [
      /Content Security Policy/,
      /Refused to/,
      /Fetch API cannot load/,
      /ERR_FAILED|net::ERR/,
      /Not allowed to load local resource: file:\/\/\/etc\/passwd/,
      /status of 404/,
    ],
  })
  const address = page.url()
  expect(address).toMatch(/^app:\/\/console\//)
  // Electron documents this call no longer, and has no other that tells.
  const isolation = await app.evaluate(({ BrowserWindow }) => {
    const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as { getLastWebPreferences(): unknown }
    return contents.getLastWebPreferences()
  })
  expect(isolation).toMatchObject({ sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false })

  // In place of the system's browser.
  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Reflect.set(globalThis, 'openedLinks', opened)
    Reflect.set(shell, 'openExternal', (url: string) => Promise.resolve(void opened.push(url)))
  })
  const seen = await page.evaluate(async () => {
    const refused = (promise: Promise<unknown>) =>
      promise.then(
        () => 'granted',
        () => 'refused',
      )
    // Playwright's own evaluation is exempt from the policy; what runs after it is not.
    const later = new Promise((resolve) => setTimeout(resolve))
    const blocked: string[] = []
    document.addEventListener('securitypolicyviolation', (violation) => blocked.push(violation.effectiveDirective))
    const inline = document.createElement('script')
    inline.textContent = 'window.injected = true'
    document.head.append(inline)
    return {
      require: typeof Reflect.get(window, 'require'),
      process: typeof Reflect.get(window, 'process'),
      inline: typeof Reflect.get(window, 'injected'),
      evaluated: await refused(later.then((): unknown => (0, eval)('1'))),
      opened: ['https://example.com/', 'http://example.com/', 'file:///etc/passwd', 'javascript:alert(1)'].map((url) =>
        window.open(url),
      ),
      fetchedRemote: await refused(fetch('https://example.com/')),
      fetchedLoopback: await refused(fetch('http://127.0.0.1:9/')),
      readFile: await refused(fetch('file:///etc/passwd')),
      outside: await fetch('app://console/..%2f..%2fpackage.json').then((answer) => answer.status),
      otherHost: await refused(fetch('app://elsewhere/index.html')),
      camera: await refused(navigator.mediaDevices.getUserMedia({ video: true })),
      location: await refused(new Promise((found, failed) => navigator.geolocation.getCurrentPosition(found, failed))),
      notifications: await Notification.requestPermission(),
      clipboard: await refused(navigator.clipboard.readText()),
      blocked: await later.then(() => [...new Set(blocked)].sort()),
      bridge: Object.keys(Reflect.get(window, 'gatehouse') as object).sort(),
    }
  })
  expect(seen).toEqual({
    require: 'undefined',
    process: 'undefined',
    inline: 'undefined',
    evaluated: 'refused',
    opened: [null, null, null, null],
    fetchedRemote: 'refused',
    fetchedLoopback: 'refused',
    readFile: 'refused',
    outside: 404,
    otherHost: 'refused',
    camera: 'refused',
    location: 'refused',
    notifications: 'denied',
    clipboard: 'refused',
    blocked: ['connect-src', 'script-src', 'script-src-elem'],
    bridge: ['connect', 'platform', 'version'],
  })
  // No window: a link of the console is the system's browser's, where it is a web page.
  expect(await app.evaluate(() => Reflect.get(globalThis, 'openedLinks') as string[])).toEqual(['https://example.com/'])

  await page.evaluate(() => {
    window.location.href = 'https://example.com/'
  })
  await page.evaluate(() => {
    window.location.href = 'file:///etc/passwd'
  })
  // A round trip through main: a navigation that was let through would have begun by now.
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.webContents.getURL()))
  expect(page.url()).toBe(address)
  expect(app.windows()).toHaveLength(1)
})

test('a page gets a new port with each load, and only the console does', async () => {
  const dataDir = await temporaryDataDir()
  const { app, page } = await openDesktop({ dataDir })
  await page.reload()
  const ports = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        window.addEventListener('message', ({ data, ports }) => data === 'gatehouse:port' && resolve(ports.length))
        ;(Reflect.get(window, 'gatehouse') as { connect(): void }).connect()
      }),
  )
  expect(ports).toBe(1)

  // A window that the app did not open itself has no bridge to ask with.
  const stranger = await app.evaluate(async ({ BrowserWindow }, address) => {
    const window = new BrowserWindow({ show: false })
    await window.loadURL(address)
    const bridge: unknown = await window.webContents.executeJavaScript('typeof window.gatehouse')
    window.destroy()
    return bridge
  }, page.url())
  expect(stranger).toBe('undefined')
})

test('closing the window leaves the gateway running, and a second start reopens it', async () => {
  const dataDir = await temporaryDataDir()
  const { app, page, run } = await openDesktop({ dataDir })
  await Promise.all([
    page.waitForEvent('close'),
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()),
  ])
  expect(await healthy(run.mcp_url)).toBe(true)

  const [reopened, code] = await Promise.all([app.waitForEvent('window'), runDesktop({ dataDir })])
  expect(code).toBe(0)
  expect(reopened.url()).toMatch(/^app:\/\/console\//)
  expect(app.windows()).toHaveLength(1)

  // With the window open, a second start only brings it forward.
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize())
  expect(await runDesktop({ dataDir })).toBe(0)
  const minimized = () =>
    app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().map((window) => window.isMinimized()))
  await vi.waitFor(async () => expect(await minimized()).toEqual([false]))
})

test('the window comes back where it was', async () => {
  const dataDir = await temporaryDataDir()
  const first = await openDesktop({ dataDir })
  const place = { x: 40, y: 30, width: 1010, height: 700 }
  await first.app.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]?.setBounds(bounds), place)
  await first.quit()
  const second = await openDesktop({ dataDir })
  const bounds = await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getNormalBounds())
  expect(bounds).toEqual(place)
})

test('quitting ends every process and frees the port', async () => {
  const dataDir = await temporaryDataDir()
  const { pid, run, quit } = await openDesktop({ dataDir })
  const processes = [pid, ...descendantsOf(pid)]
  expect(processes.length).toBeGreaterThan(1)
  await quit()
  await vi.waitFor(() => expect(processes.filter(isAlive)).toEqual([]))
  await expect(healthy(run.mcp_url)).rejects.toThrow()
})

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it in order', async (signal) => {
  const dataDir = await temporaryDataDir()
  const { app, pid, run } = await openDesktop({ dataDir })
  const closed = app.waitForEvent('close')
  process.kill(run.pid, signal)
  await closed
  await vi.waitFor(() => expect(isAlive(pid)).toBe(false))
  expect(DataDir.at(dataDir).readRunFile()).toBeUndefined()
})

test('a taken port is never given up silently', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void other.close())
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const answerWith = (file: string) => join(import.meta.dirname, '..', 'helpers', file)

  const quitting = await temporaryDataDir()
  expect(await runDesktop({ dataDir: quitting, port, require: answerWith('answer-quit.cjs') })).toBe(0)

  const moving = await temporaryDataDir()
  const { run } = await openDesktop({ dataDir: moving, port, require: answerWith('answer-free-port.cjs') })
  expect(new URL(run.mcp_url).port).not.toBe(String(port))
  expect(await healthy(run.mcp_url)).toBe(true)
})
