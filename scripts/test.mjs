import { dirname, delimiter, join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { pinnedNode, root } from './paths.mjs'
import { foreground, step } from './progress.mjs'
import { ensureSystemPackages } from './system-packages.mjs'
import { withWindows } from './windows.mjs'

/** Prepares this machine and runs the tests; arguments go to vitest: `npm test -- test/unit/store`. */
async function main(args) {
  await ensureSystemPackages()
  await ensureInstalled()
  // Tests and what they start run on the pinned Node, whatever Node the machine has.
  process.env.PATH = [join(root, 'node_modules', '.bin'), dirname(pinnedNode), process.env.PATH].join(delimiter)
  if (args.length === 0) await step('Checking format, lint, types, layers, dead code', check)
  await ensureBuilt()
  return withWindows((env) =>
    foreground(pinnedNode, [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...args], { cwd: root, env }),
  )
}

async function check() {
  const code = await foreground('npm', ['run', '--silent', 'check'], { cwd: root })
  if (code !== 0) throw new Error('npm run check failed: the tests were not run.')
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
