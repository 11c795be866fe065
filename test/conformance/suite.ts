import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

/** Requirement sets that the suite has. */
export const REVISIONS = ['2025-11-25', '2026-07-28'] as const
export type Revision = (typeof REVISIONS)[number]

export interface Check {
  id: string
  name: string
  /** `SUCCESS`, `FAILURE`, `WARNING`, `INFO` (nothing to judge) or `SKIPPED`. */
  status: string
  errorMessage?: string
}

/** The checks of each scenario, as they came. A scenario that could not be run to its end is missing. */
export type Results = ReadonlyMap<string, readonly Check[]>

/** How long a client may take, in milliseconds: a gateway is started in it. */
const CLIENT_MS = '90000'

const program = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'))
const patience = new URL('./patience.ts', import.meta.url).href
const root = fileURLToPath(new URL('../../', import.meta.url))

/** All server scenarios of a revision's requirement set, the unscored ones included, against one URL. */
export function runServerSuite(url: string, revision: Revision): Promise<Results> {
  return inFolder(async (folder) => {
    const output = await run(['server', '--url', url, '--requirements', revision, '-o', folder])
    const results = await readResults(folder)
    if (results.size === 0) throw new Error(`The conformance suite ran nothing:\n${output}`)
    return results
  })
}

export interface ClientRun {
  checks: readonly Check[]
  /** All that the suite and the client had to say. */
  output: string
}

/**
 * One client scenario at the wire of a revision. `command` is run by a shell in the repository, with the URL of the suite's
 * server as its last argument.
 */
export function runClientScenario(
  command: string,
  scenario: string,
  revision: Revision | '2025-03-26',
): Promise<ClientRun> {
  const chosen = ['--scenario', scenario, '--spec-version', revision, '--force']
  return inFolder(async (folder) => {
    const output = await run(['client', '--command', command, ...chosen, '--timeout', CLIENT_MS, '-o', folder])
    return { checks: (await readResults(folder)).get(scenario) ?? [], output }
  })
}

async function inFolder<Result>(runInto: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'gatehouse-conformance-'))
  try {
    return await runInto(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Runs the suite on this very Node; what it says is given back. That checks fail is no error here. */
async function run(args: string[]): Promise<string> {
  const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter)
  const child = spawn(process.execPath, ['--import', patience, program, ...args], {
    cwd: root,
    env: { ...process.env, PATH, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return stdout + stderr
}

/** Each scenario leaves a folder `[server-]<scenario>-<time>` with `checks.json` in it; that of `auth/x` is in `auth`. */
async function readResults(folder: string): Promise<Results> {
  const results = new Map<string, readonly Check[]>()
  for (const file of await readdir(folder, { recursive: true })) {
    if (basename(file) !== 'checks.json') continue
    const scenario = dirname(file)
      .replace(/^server-(?=.)/, '')
      .replace(/-\d{4}-\d{2}-\d{2}T[\d-]+Z$/, '')
    results.set(scenario, JSON.parse(await readFile(join(folder, file), 'utf8')) as Check[])
  }
  return results
}

/** How many checks have passed and failed, as the suite itself counts. */
export function countOf(checks: readonly Check[]): { passed: number; failed: number; warnings: number } {
  const count = (status: string) => checks.filter((check) => check.status === status).length
  return { passed: count('SUCCESS'), failed: count('FAILURE'), warnings: count('WARNING') }
}
