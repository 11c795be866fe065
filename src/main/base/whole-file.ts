import { renameSync, writeFileSync } from 'node:fs'

/** Written aside and renamed, so that a reader never sees half of it. For its owner alone. Throws what the file system says. */
export function writeWholeFile(path: string, text: string): void {
  const aside = `${path}.${process.pid}.tmp`
  writeFileSync(aside, text, { mode: 0o600 })
  renameSync(aside, path)
}
