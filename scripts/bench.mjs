import { dirname, delimiter, join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { pinnedNode, root } from './paths.mjs'
import { foreground } from './progress.mjs'

/** Measures what is built, on the pinned Node: `npm run bench -- calls --quick`. */
try {
  await ensureInstalled()
  await ensureBuilt()
  const PATH = [dirname(pinnedNode), process.env.PATH].join(delimiter)
  const bench = join(root, 'bench', 'run.ts')
  const quiet = '--disable-warning=ExperimentalWarning'
  process.exitCode = await foreground(pinnedNode, [quiet, bench, ...process.argv.slice(2)], {
    cwd: root,
    env: { ...process.env, PATH },
  })
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
