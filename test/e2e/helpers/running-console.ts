import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { createHttpClient } from '../../helpers/http-client.ts'
import { launchBrowser, openTab } from './browser-console.ts'

const gatehouse = resolve(import.meta.dirname, '../../../bin/gatehouse.mjs')

/** What would lead to configurations of clients outside the home that a test gives. */
const MOVED_HOMES = ['CLAUDE_CONFIG_DIR', 'CODEX_HOME', 'GEMINI_CLI_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME']

export interface ConsoleOptions {
  /** `mcpServers`, as a client would have them. */
  servers?: Record<string, { command: string; args: string[] }>
  env?: Record<string, string>
}

export type ConsoleClient = ReturnType<typeof createHttpClient>

export interface RunningConsole {
  mcpUrl: string
  dataDir: string
  /** Its home folder: configurations of clients are looked for here, never in the real one. */
  home: string
  consoleUrl: string
  client(workspace?: string): ConsoleClient
  close(): Promise<void>
}

/** Runs `gatehouse serve` as it is built, on folders of its own. */
async function startConsole({ servers = {}, env = {} }: ConsoleOptions = {}): Promise<RunningConsole> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-e2e-'))
  const home = join(dataDir, 'home')
  const config = join(dataDir, 'servers.json')
  await mkdir(home)
  await writeFile(config, JSON.stringify({ mcpServers: servers }))
  const own = Object.fromEntries(Object.entries(process.env).filter(([name]) => !MOVED_HOMES.includes(name)))
  const vault = { GATEHOUSE_VAULT: 'key', GATEHOUSE_VAULT_KEY: randomBytes(32).toString('base64') }
  const args = ['serve', '--port', '0', '--json', '--data-dir', dataDir, '--config', config]
  const child = spawn(process.execPath, [gatehouse, ...args], {
    env: { ...own, HOME: home, USERPROFILE: home, ...vault, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit')
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), ended])) as unknown[]
  if (typeof line !== 'string') throw new Error('gatehouse serve ended before it was ready.')
  const ready = JSON.parse(line) as Record<'mcp_url' | 'api_url' | 'admin_token' | 'console_url', string>
  return {
    mcpUrl: ready.mcp_url,
    dataDir,
    home,
    consoleUrl: ready.console_url,
    client: (workspace = 'default') => createHttpClient({ apiUrl: ready.api_url, token: ready.admin_token, workspace }),
    close: async () => {
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
      await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

export interface SharedConsole {
  readonly running: RunningConsole
  /** A tab of its own session, at the console. */
  open(options?: BrowserContextOptions & { expected?: RegExp }): Promise<Page>
}

/** One gateway and one browser for the tests of a file; what they leave behind, the next of them finds. */
export function shareConsole(options?: ConsoleOptions): SharedConsole {
  let running: RunningConsole | undefined
  let browser: Browser | undefined
  beforeAll(async () => {
    running = await startConsole(options)
    browser = await launchBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await running?.close()
  })
  return {
    get running() {
      if (!running) throw new Error('The console is only there while tests run.')
      return running
    },
    open: async (context = {}) => {
      if (!running || !browser) throw new Error('The console is only there while tests run.')
      const { console_url: link } = await running.client().console.create_url()
      return await openTab(browser, link, context)
    },
  }
}

/** Goes to another screen as a link of the page would, without loading the page anew. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate((hash) => {
    window.location.hash = hash
  }, path)
}
