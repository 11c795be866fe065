import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** So often can a checkout be built while a gateway runs, which loads part of its code when it is first needed. */
const KEPT = 5
const FOLDERS = ['main', 'preload', 'renderer', 'resources']
/** Their names carry a hash of what is in them. */
const HASHED = /^(main[\\/]chunks|renderer[\\/]assets)[\\/]/

/**
 * Puts a build in place file by file, so that at each moment there is a whole program: what the others refer to first. The
 * files of the last builds stay.
 */
export function placeBuild(from, to) {
  const files = filesOf(from)
  const listFile = join(to, '.builds')
  // Of a build from before there was such a list nothing is known: it counts as one.
  const former = existsSync(listFile) ? JSON.parse(readFileSync(listFile, 'utf8')) : [filesOf(to)]
  for (const file of files.toSorted((a, b) => Number(HASHED.test(b)) - Number(HASHED.test(a)))) {
    mkdirSync(dirname(join(to, file)), { recursive: true })
    renameSync(join(from, file), join(to, file))
  }
  const others = former.filter((build) => build.join() !== files.join())
  const builds = [files, ...others].slice(0, KEPT)
  writeFileSync(listFile, JSON.stringify(builds))
  const kept = new Set(builds.flat())
  for (const file of filesOf(to)) if (!kept.has(file)) rmSync(join(to, file))
  // What Node compiled of the files before (bin/gatehouse.mjs), nobody reads again.
  rmSync(join(to, 'compiled'), { recursive: true, force: true })
}

function filesOf(folder) {
  return FOLDERS.filter((name) => existsSync(join(folder, name))).flatMap((name) =>
    readdirSync(join(folder, name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort(),
  )
}
