import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join } from 'node:path'

export interface KeyringSession {
  /** What a process needs to be inside the session. */
  env: { DBUS_SESSION_BUS_ADDRESS: string; XDG_RUNTIME_DIR: string }
  close(): Promise<void>
}

/**
 * A real gnome-keyring on a D-Bus session of its own, with its files in `folder`: neither the tests nor a mistake in them
 * can touch the person's keychain.
 */
export async function startKeyringSession(folder: string): Promise<KeyringSession> {
  const script =
    'echo -n pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null; echo "$DBUS_SESSION_BUS_ADDRESS"; cat >/dev/null'
  const session = spawn('dbus-run-session', ['--', 'bash', '-c', script], {
    env: { ...process.env, HOME: folder, XDG_DATA_HOME: join(folder, 'share'), XDG_RUNTIME_DIR: folder },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = once(session, 'exit')
  const [address] = (await Promise.race([
    once(createInterface(session.stdout), 'line'),
    ended.then(() => [undefined]),
  ])) as [string | undefined]
  if (address === undefined) throw new Error('The D-Bus session did not start.')
  return {
    env: { DBUS_SESSION_BUS_ADDRESS: address, XDG_RUNTIME_DIR: folder },
    close: async () => {
      // The session lives as long as its shell reads.
      session.stdin.end()
      await ended
    },
  }
}
