import { homedir } from 'node:os'
import { join } from 'node:path'
import { app, dialog, shell } from 'electron'
import { version } from '../../package.json'
import { startApp } from './app.ts'
import { DataDir } from './base/data-dir.ts'
import { createLogger, type Logger } from './base/log.ts'
import { messageOf } from './base/message-of.ts'
import { registerAppScheme } from './electron/app-protocol.ts'
import { readCommandLine, type CommandLine } from './electron/command-line.ts'
import { Desktop } from './electron/desktop.ts'
import { forkReading } from './electron/fork-reading.ts'
import { DesktopLinkScheme, SystemLinkScheme, type LinkScheme } from './electron/link-scheme.ts'
import { LogFile } from './electron/log-file.ts'
import { AutostartEntry, SystemLoginItem } from './electron/login-item.ts'
import { loginShellEnvironment } from './electron/login-shell.ts'
import { openInBrowser } from './electron/open-browser.ts'
import { commandWords, ownCommand, xdgHomes, type OwnCommand } from './electron/own-command.ts'
import { askAboutPort } from './electron/port-dialog.ts'
import { startCore } from './electron/start-core.ts'
import { StartInbox } from './electron/start-inbox.ts'
import { takenPort } from './http/port-taken.ts'
import { readVaultChoice } from './environment.ts'
import { launcherOf } from './launcher.ts'
import type { LoginItem } from './settings/service.ts'

const outDir = join(import.meta.dirname, '..')

async function openDesktop({ dataDir, port, hidden }: CommandLine, inbox: StartInbox): Promise<void> {
  const log = createLogger({ destination: new LogFile(join(DataDir.open(dataDir).logsDir, 'gatehouse.log')) })
  const nativeBinding = process.env.GATEHOUSE_SQLITE_BINDING
  const vault = readVaultChoice(process.env)
  const command = ownCommand({
    executable: app.getPath('exe'),
    appPath: app.isPackaged ? undefined : app.getAppPath(),
    dataDir,
    withoutSandbox: app.commandLine.hasSwitch('no-sandbox'),
    env: process.env,
  })
  const scheme = linkScheme(command)
  const claimLinks = () => claim(scheme, log)
  // Another folder than the usual one has the links from the moment at which a sign-in waits there.
  if (dataDir === DataDir.defaultPath()) void claimLinks()
  // Not waited for: the window and the gateway open, and only servers' processes start once it is known.
  const environment = loginShellEnvironment(process.env, { log })
  const start = (chosenPort: number | undefined) =>
    startApp({
      dataDir,
      version,
      host: '127.0.0.1',
      port: chosenPort,
      consoleDir: join(outDir, 'renderer'),
      resourcesDir: join(outDir, 'resources'),
      launcher: launcherOf(join(outDir, '..')),
      vault,
      loginItem: loginItem(command),
      environment,
      mintDefaultAgent: false,
      connect: 'always',
      announce: true,
      deepLinks: true,
      openBrowser: (url) =>
        openInBrowser(url, async (address) => {
          await claimLinks()
          await shell.openExternal(address)
        }),
      startReading: forkReading,
      allowedHosts: [],
      log,
      ...(nativeBinding ? { nativeBinding } : {}),
    })
  const core = await startCore({ port, start, takenPort, ask: askAboutPort })
  if (!core) app.exit(0)
  else {
    const router = await core.router()
    const iconsDir = join(outDir, '..', 'resources', 'icons')
    new Desktop({ core, router, outDir, iconsDir, dataDir, hidden, inbox, claimLinks: () => void claimLinks(), log })
  }
}

function loginItem(command: OwnCommand): LoginItem {
  if (process.platform !== 'linux') return new SystemLoginItem(app)
  return new AutostartEntry(join(app.getPath('appData'), 'autostart', 'gatehouse.desktop'), commandWords(command))
}

function linkScheme(command: OwnCommand): LinkScheme {
  if (process.platform !== 'linux') return new SystemLinkScheme(app, command)
  return new DesktopLinkScheme(xdgHomes(process.env, homedir()), command)
}

/** A browser that can not come back by a link still shows the sign-in, and most come back by an address. */
async function claim(scheme: LinkScheme, log: Logger): Promise<void> {
  try {
    await scheme.claim()
  } catch (error) {
    log.warn({ err: error }, 'links of the scheme gatehouse: do not lead here')
  }
}

function failToStart(error: unknown): void {
  dialog.showErrorBox('Gatehouse could not start', messageOf(error))
  app.exit(1)
}

try {
  const inbox = new StartInbox(app, process.argv.slice(1))
  const commandLine = readCommandLine(process.argv.slice(1), process.env)
  registerAppScheme()
  app.setName('Gatehouse')
  // Before the lock, which is held in this folder: one instance for each data folder, not for each user.
  app.setPath('userData', join(DataDir.open(commandLine.dataDir).path, 'window'))
  if (!app.requestSingleInstanceLock()) app.exit(0)
  else
    app
      .whenReady()
      .then(() => openDesktop(commandLine, inbox), undefined)
      .catch(failToStart)
} catch (error) {
  failToStart(error)
}
