// Copied into an Electron that was packaged without a default app: starts the app whose folder is the first argument
// that is not a switch, as `electron FOLDER` does. Electron holds `ready` back until this top-level await has ended.
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { app } from 'electron'

const folder = resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.')
const { main, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
app.setVersion(version)
app.setAppPath(folder)
await import(pathToFileURL(join(folder, main)).href)
