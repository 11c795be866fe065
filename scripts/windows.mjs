import { spawn } from 'node:child_process'
import { electronRuntime } from './electron-runtime.mjs'

/**
 * Runs `work` with the environment in which Playwright can open the app: an Electron and displays of our own. Windows that
 * are open at the same time take one each (`GATEHOUSE_DISPLAYS`), for a display has one focus.
 */
export async function withWindows(work, { count = 1 } = {}) {
  const electron = await electronRuntime()
  const started = await Promise.allSettled(Array.from({ length: count }, startDisplay))
  const displays = started.flatMap(({ value }) => value ?? [])
  try {
    for (const { reason } of started) if (reason) throw reason
    return await work({
      ...electron.env,
      DISPLAY: displays[0].name,
      GATEHOUSE_DISPLAYS: displays.map(({ name }) => name).join(' '),
      GATEHOUSE_ELECTRON: electron.executable,
      GATEHOUSE_ELECTRON_ARGS: electron.args.join(' '),
    })
  } finally {
    await Promise.all(displays.map((display) => display.close()))
  }
}

/** A display of our own on a free number, so that windows neither need nor disturb a desktop. */
function startDisplay() {
  return new Promise((resolve, reject) => {
    const args = ['-displayfd', '1', '-screen', '0', '1400x900x24', '-nolisten', 'tcp', '-noreset']
    const server = spawn('Xvfb', args, { stdio: ['ignore', 'pipe', 'ignore'] })
    const ended = new Promise((done) => server.once('close', done))
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}: there is no display to test on.`)))
    server.stdout.once('data', (number) =>
      resolve({
        name: `:${number.toString().trim()}`,
        close: () => {
          server.kill()
          return ended
        },
      }),
    )
  })
}
