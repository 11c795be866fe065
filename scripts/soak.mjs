import { dirname, delimiter, join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { pinnedNode, root } from './paths.mjs'
import { foreground } from './progress.mjs'

/** Works a gateway hard for a while and looks at what adds up, on the pinned Node: `npm run soak -- --minutes 60`. */
try {
  await ensureInstalled()
  await ensureBuilt()
  const PATH = [dirname(pinnedNode), process.env.PATH].join(delimiter)
  const soak = join(root, 'test', 'soak', 'soak.ts')
  const options = ['--expose-gc', '--disable-warning=ExperimentalWarning']
  process.exitCode = await foreground(pinnedNode, [...options, soak, ...process.argv.slice(2)], {
    cwd: root,
    env: { ...process.env, PATH },
  })
} catch (error) {
  console.error(error.message)
  process.exitCode = 1
}
