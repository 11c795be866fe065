#!/usr/bin/env node
// Runs on Node 20, so that it can say what is missing or hand over to the Node that Gatehouse brings along. Nothing is
// imported before it is known which of these it is: to start `serve` takes two of them.

/**
 * V8's young generation, which by itself grows to 64 MiB and more under load and gives nothing back. In 4 MiB what a call
 * makes is garbage before the next collection; in 1 MiB much of it is still in use, copied and promoted (docs/performance.md).
 */
const youngGeneration = ['--min-semi-space-size=4', '--max-semi-space-size=4']
const ownArguments = process.argv.slice(2)
const isServer = ownArguments[0] === 'serve'
const [major, minor] = process.versions.node.split('.').map(Number)

if (major > 22 || (major === 22 && minor >= 12)) {
  await run()
} else {
  await handOver()
}

async function run() {
  // An import of node:fs loads all that it exports, its streams too.
  const { existsSync } = process.getBuiltinModule('node:fs')
  const { createRequire, enableCompileCache } = process.getBuiltinModule('node:module')
  const { fileURLToPath } = process.getBuiltinModule('node:url')
  const entry = new URL(isServer ? '../out/main/serving.cjs' : '../out/main/headless.js', import.meta.url)
  if (!existsSync(entry)) {
    console.error('Gatehouse is not built yet. Run "npm run build" in its folder first.')
    process.exitCode = 1
    return
  }
  if (isServer) {
    const server = fileURLToPath(new URL('serve.cjs', import.meta.url))
    if (!process.execArgv.includes(youngGeneration[0])) await becomeServer(server)
    createRequire(server)(server)
    return
  }
  // Beside the program, so that nobody else can put code there; where it can not be written, there is none.
  enableCompileCache(fileURLToPath(new URL('../out/compiled', import.meta.url)))
  const { main } = await import(entry.href)
  process.exitCode = await main(ownArguments)
}

/** V8 takes these sizes only when a process starts, so this one starts anew in its own place, pid and streams kept. */
async function becomeServer(server) {
  if (process.execve !== undefined && process.platform !== 'win32') {
    const args = [...process.execArgv, ...youngGeneration, server, ...ownArguments]
    process.execve(process.execPath, [process.execPath, ...args], process.env)
  }
  // Where that is not possible it stays as it begins, 1 MiB: a bound is all that can still be given.
  const { setFlagsFromString } = await import('node:v8')
  setFlagsFromString('--semi-space-growth-factor=1')
}

/** Runs the same command line under the pinned Node, as if it had been started in our place. */
async function handOver() {
  const [{ spawn }, { existsSync }, { fileURLToPath }] = await Promise.all([
    import('node:child_process'),
    import('node:fs'),
    import('node:url'),
  ])
  const node = process.platform === 'win32' ? 'node.exe' : 'node'
  const pinnedNode = fileURLToPath(new URL(`../node_modules/node/bin/${node}`, import.meta.url))
  if (!existsSync(pinnedNode)) {
    console.error(`Gatehouse needs Node 22.12 or newer; this is ${process.versions.node}.`)
    process.exitCode = 1
    return
  }
  const flags = isServer ? youngGeneration : []
  const child = spawn(pinnedNode, [...flags, fileURLToPath(import.meta.url), ...ownArguments], { stdio: 'inherit' })
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  // A terminal sends Ctrl-C to both of us, and a second one would cut the child's orderly end short.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  child.once('exit', (code) => (process.exitCode = code ?? 1))
}
