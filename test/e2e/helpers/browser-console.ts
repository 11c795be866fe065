import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { temporaryDataDir } from './desktop.ts'

const gatehouse = resolve(import.meta.dirname, '../../../bin/gatehouse.mjs')
const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'))

/** Runs `gatehouse serve` as it is built, with one integration, until the test ends. Answers the console's link. */
export async function serveConsole(environment: Record<string, string> = {}): Promise<string> {
  const dataDir = await temporaryDataDir()
  const config = join(dataDir, 'servers.json')
  const servers = { everything: { command: process.execPath, args: [everything, 'stdio'] } }
  await writeFile(config, JSON.stringify({ mcpServers: servers }))
  const args = ['serve', '--port', '0', '--json', '--data-dir', dataDir, '--config', config]
  const vault = { GATEHOUSE_VAULT: 'key', GATEHOUSE_VAULT_KEY: randomBytes(32).toString('base64') }
  const child = spawn(process.execPath, [gatehouse, ...args], {
    env: { ...process.env, ...vault, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  onTestFinished(async () => {
    child.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as unknown[]
  if (typeof line !== 'string') throw new Error('gatehouse serve ended before it was ready.')
  return (JSON.parse(line) as { console_url: string }).console_url
}

/** A real browser, for one test. */
export async function openBrowser(): Promise<Browser> {
  const browser = await launchBrowser()
  onTestFinished(() => browser.close())
  return browser
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.GATEHOUSE_CHROMIUM ?? '/usr/bin/chromium',
    // Chromium refuses to sandbox as root.
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  })
}

/**
 * A tab of its own session. An error in its console fails the test unless it is expected, and so does whatever the content
 * security policy forbids or asks anybody but the gateway.
 */
export async function openTab(browser: Browser, url: string, options: BrowserContextOptions & { expected?: RegExp }) {
  const { expected, ...contextOptions } = options
  const context = await browser.newContext(contextOptions)
  const page: Page = await context.newPage()
  page.setDefaultTimeout(60_000)
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('request', (request) => {
    const { protocol, origin, href } = new URL(request.url())
    if (protocol.startsWith('http') && origin !== new URL(url).origin) errors.push(`asked another host: ${href}`)
  })
  await page.addInitScript(() =>
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI }) =>
      console.error(`securitypolicyviolation of ${effectiveDirective} by ${blockedURI}`),
    ),
  )
  onTestFinished(async () => {
    await context.close()
    expect(errors.filter((error) => !expected?.test(error))).toEqual([])
  })
  await page.goto(url)
  return page
}
