import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { compiledFile } from './compile.ts'
import type { Ready } from './targets/ready.ts'

/**
 * Other gateways of npm, in front of the same stdio server, for who asks with `--peers`. They are no dependencies: they are
 * installed below `out/` with the first run that asks for them.
 */
export const PEERS = ['mcp-proxy', 'supergateway', 'mcp-hub'] as const
export type PeerName = (typeof PEERS)[number]

interface Peer {
  version: string
  program: string
  /** Where agents reach it, and by which transport. */
  path: string
  transport: 'http' | 'sse'
  /** Before each tool's name. */
  prefix: string
  args: (port: number, server: readonly string[]) => string[]
}

const folder = fileURLToPath(new URL('../out/bench-peers/', import.meta.url))
const START_TIMEOUT_MS = 60_000

const peers: Record<PeerName, Peer> = {
  'mcp-proxy': {
    version: '6.7.19',
    program: 'dist/bin/mcp-proxy.mjs',
    path: '/mcp',
    transport: 'http',
    prefix: '',
    args: (port, server) => ['--host', '127.0.0.1', '--port', String(port), '--server', 'stream', '--', ...server],
  },
  supergateway: {
    version: '4.0.0',
    program: 'dist/index.js',
    path: '/mcp',
    transport: 'http',
    prefix: '',
    args: (port, server) => [
      ...['--stdio', server.map((word) => JSON.stringify(word)).join(' ')],
      ...['--outputTransport', 'streamableHttp', '--stateful', '--logLevel', 'none', '--port', String(port)],
    ],
  },
  'mcp-hub': {
    version: '4.2.1',
    program: 'dist/cli.js',
    path: '/mcp',
    transport: 'sse',
    prefix: 'bench__',
    args: (port, [command, ...args]) => {
      const config = join(folder, 'hub.json')
      writeFileSync(config, JSON.stringify({ mcpServers: { bench: { command, args } } }))
      return ['--port', String(port), '--config', config]
    },
  },
}

/** Installs what is missing of them. None runs a script of its own then. */
export function installPeers(): void {
  const wanted = PEERS.map((name) => `${name}@${peers[name].version}`)
  const mark = join(folder, wanted.join('+'))
  if (existsSync(mark)) return
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true }))
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--silent', ...wanted], {
    cwd: folder,
  })
  writeFileSync(mark, '')
}

/** One of them in a process of its own, ready for agents. It can be asked what it uses, and ends with us. */
export async function startPeer(
  name: PeerName,
  tools: number,
): Promise<{ child: ChildProcess; ready: Ready['ready'] }> {
  const { program, path, transport, prefix, args } = peers[name]
  const port = await freePort()
  const server = [process.execPath, compiledFile('targets/stdio-server.ts'), String(tools)]
  const loaded = ['loopback.ts', 'usage.ts'].flatMap((file) => {
    return ['--import', pathToFileURL(compiledFile(`targets/${file}`)).href]
  })
  const child = spawn(
    process.execPath,
    [...loaded, join(folder, 'node_modules', name, program), ...args(port, server)],
    {
      // What it keeps for its user belongs to the bench.
      env: { ...process.env, HOME: folder, XDG_STATE_HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder },
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    },
  )
  const url = `http://127.0.0.1:${port}${path}`
  await serving(url, child)
  return { child, ready: { url, prefix, token: '', transport } }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('There is no free port.')
  return address.port
}

/** One listens before it can serve, and says so by an error of its own. */
async function serving(url: string, child: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS
  while (child.exitCode === null && performance.now() < deadline) {
    if (await servesAt(url)) return
    await wait(50)
  }
  throw new Error(`It does not serve: ${child.spawnargs.join(' ')}`)
}

async function servesAt(url: string): Promise<boolean> {
  try {
    const { status, body } = await fetch(url, { headers: { accept: 'text/event-stream' } })
    await body?.cancel()
    return status < 500
  } catch {
    return false
  }
}
