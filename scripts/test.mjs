import { availableParallelism } from 'node:os'
import { dirname, delimiter, join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { electronRuntime } from './electron-runtime.mjs'
import { ensureInstalled } from './install.mjs'
import { pinnedNode, root } from './paths.mjs'
import { foreground, inBackground, step } from './progress.mjs'
import { ensureSystemPackages } from './system-packages.mjs'
import { withWindows } from './windows.mjs'

/** As vitest.config.ts has them: any of them may open a window. */
const MOST_WORKERS = availableParallelism() + 1

/** Prepares this machine and runs the tests; arguments go to vitest: `npm test -- test/unit/store`. */
async function main(args) {
  await ensureSystemPackages()
  await ensureInstalled()
  // Tests and what they start run on the pinned Node, whatever Node the machine has. The scripts' own npm does not: run
  // by another Node it would not find the machine's global configuration (a proxy, a certificate).
  const PATH = [join(root, 'node_modules', '.bin'), dirname(pinnedNode), process.env.PATH].join(delimiter)
  const checked = args.length === 0 ? check({ PATH }) : undefined
  // One compiles in one process for a minute on a new machine, the other reads and writes files.
  await Promise.all([ensureBuilt(), electronRuntime()])
  const vitest = [join(root, 'node_modules', 'vitest', 'vitest.mjs'), 'run', ...args]
  // Hundreds of processes read the same modules, TypeScript among them: each is compiled for the first of them only.
  const NODE_COMPILE_CACHE = join(root, 'node_modules', '.cache', 'compile')
  const code = await withWindows(
    (env) => foreground(pinnedNode, vitest, { cwd: root, env: { ...env, PATH, NODE_COMPILE_CACHE } }),
    { count: MOST_WORKERS },
  )
  const fault = await checked
  if (fault !== undefined) console.error(`npm run check failed:\n${fault.message}`)
  return fault === undefined ? code : 1
}

/** Beside the tests, as one of them: with what they leave of the machine it would end long after they do. */
function check(env) {
  const run = () => inBackground('npm', ['run', '--silent', 'check'], { cwd: root, env })
  return step('Checking format, lint, types, layers, dead code', run, { isLong: true }).then(
    () => undefined,
    (error) => error,
  )
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
