import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pathToFileURL, fileURLToPath } from 'node:url'
import { compiledFile } from './compile.ts'
import type { Ready } from './targets/ready.ts'

const program = fileURLToPath(new URL('../bin/gatehouse.mjs', import.meta.url))

/** A data folder of its own, and the document that fills it with integrations at the first start. */
export class GatehouseFolder {
  readonly path: string = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'))
  readonly document: string

  /** The first is called `bench`, as behind the other targets. `server` is a file in `targets/`. */
  constructor(integrations: number, tools: number, server = 'stdio-server.ts') {
    this.document = join(this.path, 'document.json')
    const mcp = {
      transport: 'stdio',
      command: process.execPath,
      args: [compiledFile(`targets/${server}`), String(tools)],
    }
    // With filters, as every integration of a careful admin has.
    const filter = { enabled_tools: ['echo', 'large', 'tool_*'], disabled_tools: ['*_secret', 'delete*'] }
    const listed = Array.from({ length: integrations }, (_, index) => {
      return { name: index === 0 ? 'bench' : `bench-${index}`, mcp, ...filter }
    })
    this.fill(listed)
  }

  /** With these in place of them. */
  fill(integrations: readonly object[]): void {
    writeFileSync(this.document, JSON.stringify({ gatehouse: 1, integrations }))
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

export interface StartedGatehouse {
  child: ChildProcess
  ready: Ready['ready']
}

/** What `serve` starts itself anew with (bin/gatehouse.mjs). Given from the start it does not, and keeps its channel to us. */
const YOUNG_GENERATION = ['--min-semi-space-size=4', '--max-semi-space-size=4']

/**
 * `gatehouse serve` as it is built and shipped, on this folder; `isFirst` applies its document. It can be asked what it
 * uses, unless its start is what is measured: that is as a person's.
 */
export async function startGatehouse(
  folder: GatehouseFolder,
  isFirst: boolean,
  { isAsked = true } = {},
): Promise<StartedGatehouse> {
  const config = isFirst ? ['--config', folder.document] : []
  const flags = isAsked ? [...YOUNG_GENERATION, '--import', pathToFileURL(compiledFile('targets/usage.ts')).href] : []
  const child = spawn(process.execPath, [...flags, program, 'serve', '--port', '0', '--json', ...config], {
    env: {
      ...process.env,
      GATEHOUSE_DATA_DIR: folder.path,
      GATEHOUSE_VAULT: 'key',
      GATEHOUSE_VAULT_KEY: Buffer.alloc(32, 7).toString('base64'),
      GATEHOUSE_LOG_LEVEL: 'warn',
    },
    stdio: ['ignore', 'pipe', 'ignore', ...(isAsked ? ['ipc' as const] : [])],
  })
  if (child.stdout === null) throw new Error('The gateway has no output.')
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const { mcp_url, agent_token } = JSON.parse(line) as { mcp_url: string; agent_token: string }
  return { child, ready: { url: mcp_url, prefix: 'bench__', token: agent_token } }
}
