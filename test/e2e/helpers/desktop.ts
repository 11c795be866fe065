import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { expect, onTestFinished, vi } from 'vitest'
import { DataDir, type RunFile } from '../../../src/main/base/data-dir.ts'

const root = resolve(import.meta.dirname, '../../..')

interface DesktopOptions {
  dataDir: string
  port?: number
  env?: Record<string, string>
  /** After everything else, as the system gives a link. */
  args?: string[]
  /** A file that Electron loads before the app (`electron -r`), for example to answer a native dialog. */
  require?: string
  /** Console errors that the test provokes on purpose; every other one fails it. */
  expectedErrors?: RegExp[]
}

export interface Desktop {
  app: ElectronApplication
  pid: number
  page: Page
  /** What the page reported as errors so far, policy violations included. */
  errors: string[]
  run: RunFile
  /** Quits as a person does, and waits until the process is gone. */
  quit: () => Promise<void>
}

/** A fresh data folder for one test. */
export async function temporaryDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-e2e-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
  return folder
}

/** Opens the app as built, in a real window. It ends with the test, which fails if the page reported an error. */
export async function openDesktop(options: DesktopOptions): Promise<Desktop> {
  const app = await _electron.launch({ ...commandLine(options), cwd: root })
  const closed = new Promise<void>((done) => app.once('close', () => done()))
  const quit = async () => {
    // The answer may not come any more: the process ends.
    await app.evaluate((electron) => electron.app.quit()).catch(() => undefined)
    await closed
  }
  const errors: string[] = []
  onTestFinished(async () => {
    await quit()
    const unexpected = errors.filter((error) => !options.expectedErrors?.some((expected) => expected.test(error)))
    expect(unexpected, 'errors in the console of the page').toEqual([])
  })
  const page = await app.firstWindow()
  // The first window may have been there before anybody could listen for it.
  for (const opened of app.windows()) collectErrors(opened, errors)
  app.on('window', (opened) => collectErrors(opened, errors))
  page.setDefaultTimeout(60_000)
  // Not waitForLoadState: the driver hears `load` by an event only, and misses it where the page is there before it listens.
  await page.waitForFunction(() => document.readyState === 'complete')
  const run = await vi.waitUntil(() => DataDir.at(options.dataDir).readRunFile())
  return { app, pid: app.process().pid ?? run.pid, page, errors, run, quit }
}

/** Starts the app without driving it and answers its exit code: a second start, or one that is to end by itself. */
export async function runDesktop(options: DesktopOptions): Promise<number | null> {
  const { executablePath, args, env } = commandLine(options)
  const child = spawn(executablePath, args, { cwd: root, env, stdio: 'ignore' })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [code] = (await once(child, 'exit')) as [number | null]
  return code
}

function collectErrors(page: Page, errors: string[]): void {
  // Chromium reports a blocked load or script as a console error too.
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('crash', () => errors.push('the page crashed'))
}

function commandLine(options: DesktopOptions) {
  const executablePath = process.env.GATEHOUSE_ELECTRON
  if (!executablePath)
    throw new Error('GATEHOUSE_ELECTRON names no Electron: run this test by `npm test -- test/e2e/window`.')
  const switches = (process.env.GATEHOUSE_ELECTRON_ARGS ?? '').split(' ').filter((item) => item !== '')
  const preload = options.require ? ['-r', options.require] : []
  return {
    executablePath,
    args: [
      ...switches,
      ...preload,
      root,
      `--data-dir=${options.dataDir}`,
      `--port=${options.port ?? 0}`,
      ...(options.args ?? []),
    ],
    env: {
      ...inherited(),
      ...ownDisplay(),
      ...desktopHomes(options.dataDir),
      GATEHOUSE_VAULT: 'key',
      GATEHOUSE_VAULT_KEY: vaultKey,
      ...options.env,
    },
  }
}

/** The display of this worker, on which no other test has a window: a display has one focus. */
function ownDisplay(): { DISPLAY?: string } {
  const displays = (process.env.GATEHOUSE_DISPLAYS ?? '').split(' ').filter((name) => name !== '')
  const DISPLAY = displays[Number(process.env.VITEST_POOL_ID) - 1]
  return DISPLAY === undefined ? {} : { DISPLAY }
}

/** A desktop of the test's own: what the app tells it, for example which links it opens, stays away from the real one. */
export function desktopHomes(dataDir: string): { XDG_DATA_HOME: string; XDG_CONFIG_HOME: string } {
  return { XDG_DATA_HOME: join(dataDir, 'xdg', 'share'), XDG_CONFIG_HOME: join(dataDir, 'xdg', 'config') }
}

/** One key for the whole file, so that a restarted app can read what the first run sealed. */
const vaultKey = randomBytes(32).toString('base64')

function inherited(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => !!entry[1]))
}
