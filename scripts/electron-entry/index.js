// Copied into an Electron that was packaged without a default app, to behave as `electron [-r FILE] FOLDER` does: loads
// FILE, then starts the app in FOLDER. Electron holds `ready` back until this top-level await has ended.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { app } from 'electron'

const { values, positionals } = parseArgs({
  args: process.argv.slice(1),
  options: { require: { type: 'string', short: 'r', multiple: true } },
  strict: false,
  allowPositionals: true,
})
for (const file of values.require ?? []) await import(pathToFileURL(resolve(file)).href)

const folder = resolve(positionals[0] ?? '.')
const { main, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
app.setVersion(version)
app.setAppPath(folder)
await import(pathToFileURL(join(folder, main)).href)
