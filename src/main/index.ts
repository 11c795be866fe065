import { join } from 'node:path'
import { app, dialog } from 'electron'
import { version } from '../../package.json'
import { startApp } from './app.ts'
import { DataDir } from './base/data-dir.ts'
import { createLogger } from './base/log.ts'
import { messageOf } from './base/message-of.ts'
import { registerAppScheme } from './electron/app-protocol.ts'
import { readCommandLine, type CommandLine } from './electron/command-line.ts'
import { Desktop } from './electron/desktop.ts'
import { LogFile } from './electron/log-file.ts'
import { AutostartEntry, SystemLoginItem } from './electron/login-item.ts'
import { loginShellEnvironment } from './electron/login-shell.ts'
import { askAboutPort } from './electron/port-dialog.ts'
import { startCore } from './electron/start-core.ts'
import { takenPort } from './http/port-taken.ts'
import { readVaultChoice } from './environment.ts'
import { launcherOf } from './launcher.ts'
import type { LoginItem } from './settings/service.ts'

const outDir = join(import.meta.dirname, '..')
const resourcesDir = join(outDir, '..', 'resources')

async function openDesktop({ dataDir, port, hidden }: CommandLine): Promise<void> {
  const log = createLogger({ destination: new LogFile(join(DataDir.open(dataDir).logsDir, 'gatehouse.log')) })
  const nativeBinding = process.env.GATEHOUSE_SQLITE_BINDING
  const vault = readVaultChoice(process.env)
  // Not waited for: the window and the gateway open, and only servers' processes start once it is known.
  const environment = loginShellEnvironment(process.env, { log })
  const start = (chosenPort: number | undefined) =>
    startApp({
      dataDir,
      version,
      host: '127.0.0.1',
      port: chosenPort,
      consoleDir: join(outDir, 'renderer'),
      resourcesDir,
      launcher: launcherOf(join(outDir, '..')),
      vault,
      loginItem: loginItem(),
      environment,
      mintDefaultAgent: false,
      connect: 'always',
      announce: true,
      deepLinks: true,
      allowedHosts: [],
      log,
      ...(nativeBinding ? { nativeBinding } : {}),
    })
  const core = await startCore({ port, start, takenPort, ask: askAboutPort })
  if (!core) app.exit(0)
  else new Desktop({ core, outDir, iconsDir: join(resourcesDir, 'icons'), dataDir, hidden, log })
}

function loginItem(): LoginItem {
  if (process.platform !== 'linux') return new SystemLoginItem(app)
  // An installation that is not packaged needs to be told which app to run, and where its database driver is.
  const binding = process.env.GATEHOUSE_SQLITE_BINDING
  const command = app.isPackaged ? [app.getPath('exe')] : [app.getPath('exe'), app.getAppPath()]
  const environment = binding ? ['env', `GATEHOUSE_SQLITE_BINDING=${binding}`] : []
  return new AutostartEntry(join(app.getPath('appData'), 'autostart', 'gatehouse.desktop'), [
    ...environment,
    ...command,
  ])
}

function failToStart(error: unknown): void {
  dialog.showErrorBox('Gatehouse could not start', messageOf(error))
  app.exit(1)
}

try {
  const commandLine = readCommandLine(process.argv.slice(1), process.env)
  registerAppScheme()
  app.setName('Gatehouse')
  // Before the lock, which is held in this folder: one instance for each data folder, not for each user.
  app.setPath('userData', join(DataDir.open(commandLine.dataDir).path, 'window'))
  if (!app.requestSingleInstanceLock()) app.exit(0)
  else
    app
      .whenReady()
      .then(() => openDesktop(commandLine), undefined)
      .catch(failToStart)
} catch (error) {
  failToStart(error)
}
