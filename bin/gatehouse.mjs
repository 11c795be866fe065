#!/usr/bin/env node
// Runs on Node 20, so that it can say what is missing or hand over to the Node that Gatehouse brings along.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const entry = join(root, 'out', 'main', 'headless.js')
const pinnedNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
const [major, minor] = process.versions.node.split('.').map(Number)

if (!existsSync(entry)) {
  console.error('Gatehouse is not built yet. Run "npm run build" in its folder first.')
  process.exitCode = 1
} else if (major > 22 || (major === 22 && minor >= 12)) {
  // V8's young generation stays as it begins, 1 MiB. Under load it would grow to 64 MiB and more and give nothing back,
  // for nothing: what relays a message is garbage before the next collection (docs/performance.md).
  setFlagsFromString('--semi-space-growth-factor=1')
  const { main } = await import(pathToFileURL(entry).href)
  process.exitCode = await main(process.argv.slice(2))
} else if (existsSync(pinnedNode)) {
  handOver()
} else {
  console.error(`Gatehouse needs Node 22.12 or newer; this is ${process.versions.node}.`)
  process.exitCode = 1
}

/** Runs the same command line under the pinned Node, as if it had been started in our place. */
function handOver() {
  const child = spawn(pinnedNode, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // A terminal sends Ctrl-C to both of us, and a second one would cut the child's orderly end short.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  child.once('exit', (code) => (process.exitCode = code ?? 1))
}
