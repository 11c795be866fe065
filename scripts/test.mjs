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
  // Tests and what they start run on the pinned Node, whatever Node the machine has. The scripts' own npm does not: run
  // by another Node it would not find the machine's global configuration (a proxy, a certificate).
  const PATH = [join(root, 'node_modules', '.bin'), dirname(pinnedNode), process.env.PATH].join(delimiter)
  if (args.length === 0) await step('Checking format, lint, types, layers, dead code', () => check({ PATH }))
  await ensureBuilt()
  const vitest = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...args]
  return withWindows((env) => foreground(pinnedNode, vitest, { cwd: root, env: { ...env, PATH } }))
}

async function check(env) {
  const code = await foreground('npm', ['run', '--silent', 'check'], { cwd: root, env })
  if (code !== 0) throw new Error('npm run check failed: the tests were not run.')
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
