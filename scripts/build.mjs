import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ensureInstalled } from './install.mjs'
import { pinnedNode, root } from './paths.mjs'
import { placeBuild } from './place-build.mjs'
import { run, step } from './progress.mjs'

const inputs = [
  'src',
  'resources',
  'electron.vite.config.ts',
  'serving.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
]
const out = join(root, 'out')
const stampFile = join(out, '.inputs')

/** Builds main, preload and renderer into out/ when their sources are not the ones of the last build. */
export async function ensureBuilt() {
  const digest = inputsDigest()
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === digest) return
  await build(digest)
}

/** Beside what is there, which a gateway may be running from, and then in its place. */
async function build(digest) {
  mkdirSync(out, { recursive: true })
  const next = mkdtempSync(join(out, '.next-'))
  const quietly = (script, ...args) => run(pinnedNode, [join(root, ...script), ...args], { cwd: root, quiet: true })
  try {
    await step('Reading the registry', () => quietly(['scripts', 'build-registry.mjs'], next))
    const electronVite = ['node_modules', 'electron-vite', 'bin', 'electron-vite.js']
    await step('Building', async () => {
      await quietly(electronVite, 'build', '--outDir', next)
      await quietly(electronVite, 'build', '--outDir', next, '--config', 'serving.vite.config.ts')
    })
    placeBuild(next, out)
  } finally {
    rmSync(next, { recursive: true, force: true })
  }
  writeFileSync(stampFile, digest)
}

/** Contents, not times: a fresh clone and a switched branch have new times on old files. */
function inputsDigest() {
  const hash = createHash('sha256')
  const add = (path) => {
    const absolute = join(root, path)
    if (statSync(absolute).isDirectory()) {
      for (const entry of readdirSync(absolute).sort()) add(join(path, entry))
    } else {
      hash.update(path).update('\0').update(readFileSync(absolute)).update('\0')
    }
  }
  for (const path of inputs) add(path)
  return hash.digest('hex')
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  await ensureInstalled()
  await build(inputsDigest())
}
