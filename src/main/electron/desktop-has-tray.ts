import { execFile } from 'node:child_process'

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
