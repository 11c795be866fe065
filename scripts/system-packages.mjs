import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run, step } from './progress.mjs'

/**
 * What the window, browser, keychain and monitoring tests need, by Debian's names; the newer name where a release renamed
 * one. `service`: it comes with one that nobody asked for, since the tests start processes of their own.
 */
const packages = [
  { names: ['gcc'], command: 'gcc' },
  { names: ['g++'], command: 'g++' },
  { names: ['unzip'], command: 'unzip' },
  { names: ['xvfb'], command: 'Xvfb' },
  { names: ['xauth'] },
  { names: ['libgtk-3-0', 'libgtk-3-0t64'] },
  { names: ['libnss3'] },
  { names: ['libasound2', 'libasound2t64'] },
  { names: ['libgbm1'] },
  { names: ['libxss1'] },
  { names: ['dbus'], command: 'dbus-run-session' },
  { names: ['dbus-x11'] },
  { names: ['gnome-keyring'], command: 'gnome-keyring-daemon' },
  { names: ['libsecret-tools'], command: 'secret-tool' },
  { names: ['chromium'], command: 'chromium' },
  { names: ['xdg-utils'], command: 'xdg-open' },
  { names: ['prometheus'], command: 'prometheus', service: true },
  { names: ['prometheus-alertmanager'], command: 'prometheus-alertmanager', service: true },
  { names: ['prometheus-node-exporter'], command: 'prometheus-node-exporter', service: true },
]

/** Installs the missing system packages as root on Debian and Ubuntu; elsewhere fails and names them. */
export async function ensureSystemPackages() {
  if (process.platform !== 'linux') {
    throw new Error('npm test needs Linux: it drives a window under Xvfb and a Secret Service of its own.')
  }
  const debian = existsSync('/etc/debian_version')
  const missing = packages.filter((wanted) => (debian ? !installedByDpkg(wanted.names) : !onPath(wanted.command)))
  if (missing.length === 0) return
  const names = missing.map(({ names: [name] }) => name)
  if (!debian)
    throw new Error(`Missing on this machine: ${names.join(' ')} (Debian's names). Install them and try again.`)
  if (process.getuid() !== 0) {
    throw new Error(`Missing system packages. Install them and try again:\n  sudo apt-get install ${names.join(' ')}`)
  }
  await step(`Installing system packages: ${names.join(' ')}`, () => aptInstall(missing))
}

/** Whether the programs that unpack and compile the registry's Electron are there. */
export function missingBuildTools() {
  return ['gcc', 'g++', 'unzip', 'tar'].filter((command) => !onPath(command))
}

async function aptInstall(missing) {
  const apt = (...args) =>
    // Another apt may be at work, for example the unattended upgrade of a machine that has just booted.
    run('apt-get', ['-o', 'DPkg::Lock::Timeout=600', ...args], {
      quiet: true,
      env: { DEBIAN_FRONTEND: 'noninteractive' },
    })
  // A fresh image has no lists, an old one has lists that name packages which are gone.
  const install = () => apt('install', '-y', '--no-install-recommends', ...missing.map(installableName))
  if (missing.every(({ names }) => names.some(known))) {
    try {
      await install()
      return stopServices(missing)
    } catch {
      console.log('  The package lists look old; fetching new ones.')
    }
  }
  await apt('update')
  await install()
  stopServices(missing)
}

/** Debian starts what it installs, now and with the machine. */
function stopServices(installed) {
  if (!existsSync('/run/systemd/system')) return
  const units = installed.filter(({ service }) => service).map(({ names: [name] }) => `${name}.service`)
  if (units.length > 0) spawnSync('systemctl', ['disable', '--now', ...units], { stdio: 'ignore' })
}

const installableName = ({ names }) => names.find(known) ?? names[0]

function known(name) {
  return spawnSync('apt-cache', ['show', '--no-all-versions', name], { stdio: 'ignore' }).status === 0
}

function installedByDpkg(names) {
  return names.some((name) => {
    const { stdout } = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', name], { encoding: 'utf8' })
    return stdout === 'installed'
  })
}

function onPath(command) {
  if (command === undefined) return true
  return process.env.PATH.split(delimiter).some((folder) => existsSync(join(folder, command)))
}
