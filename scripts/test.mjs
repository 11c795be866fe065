import { spawn } from 'node:child_process'
import { dirname, delimiter, join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { electronRuntime } from './electron-runtime.mjs'
import { ensureInstalled } from './install.mjs'
import { pinnedNode, root } from './paths.mjs'
import { foreground, step } from './progress.mjs'
import { ensureSystemPackages } from './system-packages.mjs'

/** Prepares this machine and runs the tests; arguments go to vitest: `npm test -- test/unit/store`. */
async function main(args) {
  await ensureSystemPackages()
  await ensureInstalled()
  // Tests and what they start run on the pinned Node, whatever Node the machine has.
  process.env.PATH = [join(root, 'node_modules', '.bin'), dirname(pinnedNode), process.env.PATH].join(delimiter)
  if (args.length === 0) await step('Checking format, lint, types, layers, dead code', check)
  await ensureBuilt()
  const electron = await electronRuntime()
  const display = await startDisplay()
  try {
    return await foreground(pinnedNode, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...args], {
      cwd: root,
      env: {
        ...electron.env,
        DISPLAY: display.name,
        GATEHOUSE_ELECTRON: electron.executable,
        GATEHOUSE_ELECTRON_ARGS: electron.args.join(' '),
      },
    })
  } finally {
    await display.close()
  }
}

async function check() {
  const code = await foreground('npm', ['run', '--silent', 'check'], { cwd: root })
  if (code !== 0) throw new Error('npm run check failed: the tests were not run.')
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

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
