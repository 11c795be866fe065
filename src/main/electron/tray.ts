import { execFile } from 'node:child_process'
import { Menu, nativeImage, Tray } from 'electron'

interface TrayActions {
  icon: string
  openConsole: () => void
  copyMcpUrl: () => void
  quit: () => void
}

/** The gateway's presence while no window is open. */
export function createTray({ icon, openConsole, copyMcpUrl, quit }: TrayActions): Tray {
  const tray = new Tray(nativeImage.createFromPath(icon))
  tray.setToolTip('Gatehouse')
  tray.setContextMenu(
    Menu.buildFromTemplate([
      { label: 'Gateway running', enabled: false },
      { type: 'separator' },
      { label: 'Open console', click: openConsole },
      { label: 'Copy MCP URL', click: copyMcpUrl },
      { type: 'separator' },
      { label: 'Quit', click: quit },
    ]),
  )
  tray.on('click', openConsole)
  return tray
}

/**
 * Whether this desktop shows tray icons. Electron does not tell on Linux, where some desktops have none: asks the
 * session bus for the service that tray icons register with.
 */
export async function desktopHasTray(): Promise<boolean> {
  if (process.platform !== 'linux') return true
  const question = [
    '--session',
    '--print-reply=literal',
    '--reply-timeout=2000',
    '--dest=org.freedesktop.DBus',
    '/org/freedesktop/DBus',
    'org.freedesktop.DBus.NameHasOwner',
    'string:org.kde.StatusNotifierWatcher',
  ]
  return new Promise((resolve) => {
    execFile('dbus-send', question, { timeout: 3000 }, (error, reply) => {
      resolve(error === null && reply.includes('true'))
    })
  })
}
