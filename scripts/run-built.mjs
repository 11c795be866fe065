import { dirname, delimiter, join } from 'node:path'
import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { pinnedNode, root } from './paths.mjs'
import { foreground } from './progress.mjs'

/** Runs a TypeScript program of the checkout with this script's arguments, on the pinned Node and what is built. */
export async function runBuilt(program, ...nodeOptions) {
  try {
    await ensureInstalled()
    await ensureBuilt()
    const PATH = [dirname(pinnedNode), process.env.PATH].join(delimiter)
    const options = [...nodeOptions, '--disable-warning=ExperimentalWarning']
    process.exitCode = await foreground(pinnedNode, [...options, join(root, program), ...process.argv.slice(2)], {
      cwd: root,
      env: { ...process.env, PATH },
    })
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
