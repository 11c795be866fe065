import { join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { electronRuntime } from './electron-runtime.mjs'
import { ensureInstalled } from './install.mjs'
import { pinnedNode, root } from './paths.mjs'
import { foreground } from './progress.mjs'

/** Installs and builds what is stale, then opens the console window, or serves the console to a browser. */
async function main(args) {
  await ensureInstalled()
  await ensureBuilt()
  const electron = await findElectron()
  if (typeof electron === 'string') {
    console.log(`${electron} Serving the console to a browser instead.`)
    return foreground(pinnedNode, [join(root, 'bin', 'gatehouse.mjs'), 'serve', ...args], {
      cwd: root,
      ownGroup: true,
    })
  }
  console.log('Opening Gatehouse.')
  if (electron.args.includes('--no-sandbox')) {
    console.log("Chromium's sandbox can't be used here (root, or no user namespaces): the window runs without it.")
  }
  return foreground(electron.executable, [...electron.args, root, ...args], {
    cwd: root,
    env: electron.env,
    ownGroup: true,
  })
}

/** The Electron to open a window with, or the reason why there is none. */
async function findElectron() {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return 'There is no display here.'
  }
  try {
    return await electronRuntime()
  } catch (error) {
    return `There is no Electron here: ${error.message}`
  }
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
