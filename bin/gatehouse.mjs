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

/**
 * V8's young generation, which by itself grows to 64 MiB and more under load and gives nothing back. In 4 MiB what a call
 * makes is garbage before the next collection; in 1 MiB much of it is still in use, copied and promoted (docs/performance.md).
 */
const youngGeneration = ['--min-semi-space-size=4', '--max-semi-space-size=4']
const [command] = process.argv.slice(2)

if (!existsSync(entry)) {
  console.error('Gatehouse is not built yet. Run "npm run build" in its folder first.')
  process.exitCode = 1
} else if (major > 22 || (major === 22 && minor >= 12)) {
  if (command === 'serve' && !process.execArgv.includes(youngGeneration[0])) becomeServer()
  const { main } = await import(pathToFileURL(entry).href)
  process.exitCode = await main(process.argv.slice(2))
} else if (existsSync(pinnedNode)) {
  handOver()
} else {
  console.error(`Gatehouse needs Node 22.12 or newer; this is ${process.versions.node}.`)
  process.exitCode = 1
}

/** V8 takes these sizes only when a process starts, so this one starts anew in its own place, pid and streams kept. */
function becomeServer() {
  if (process.execve !== undefined && process.platform !== 'win32') {
    const args = [...process.execArgv, ...youngGeneration, fileURLToPath(import.meta.url), ...process.argv.slice(2)]
    process.execve(process.execPath, [process.execPath, ...args], process.env)
  }
  // Where that is not possible it stays as it begins, 1 MiB: a bound is all that can still be given.
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** Runs the same command line under the pinned Node, as if it had been started in our place. */
function handOver() {
  const flags = command === 'serve' ? youngGeneration : []
  const child = spawn(pinnedNode, [...flags, fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: 'inherit',
  })
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // A terminal sends Ctrl-C to both of us, and a second one would cut the child's orderly end short.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  child.once('exit', (code) => (process.exitCode = code ?? 1))
}
