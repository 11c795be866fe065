import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, delimiter, dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { DriverDoor, type Drive } from './driver-door.ts'

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

/** How long a client may take, in milliseconds: most of it waits for the others. */
const CLIENT_MS = '600000'

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
  /** Why the client could not do what the scenario wants. */
  fault: string | undefined
}

/** What the suite runs at the wire of a revision. The first one with authorization has no requirement set. */
const CLIENT_SETS = {
  '2025-03-26': ['--suite', 'backcompat', '--spec-version', '2025-03-26'],
  '2025-11-25': ['--requirements', '2025-11-25'],
  '2026-07-28': ['--requirements', '2026-07-28'],
}

/** A client scenario, and the revision at whose wire it is run. */
export type ClientScenario = readonly [name: string, revision: keyof typeof CLIENT_SETS]

/** Runs client scenarios, those of a revision in one process of the suite; `drive` is the client. */
export async function runClientScenarios(
  scenarios: readonly ClientScenario[],
  drive: Drive,
): Promise<(...scenario: ClientScenario) => ClientRun> {
  const runs = new Map<string, ReadonlyMap<string, ClientRun>>()
  for (const revision of new Set(scenarios.map(([, revision]) => revision))) {
    const names = scenarios.filter(([, of]) => of === revision).map(([name]) => name)
    runs.set(revision, await runClientSet(CLIENT_SETS[revision], names, drive))
  }
  return (name, revision) => runs.get(revision)?.get(name) ?? { checks: [], fault: 'It has not been run' }
}

/** Those of a set that are named: a server for each. */
function runClientSet(set: string[], names: readonly string[], drive: Drive): Promise<Map<string, ClientRun>> {
  return inFolder(async (folder) => {
    const door = await DriverDoor.open(drive)
    const command = ['--command', door.commandFor(names), '--timeout', CLIENT_MS]
    const output = await run(['client', ...set, ...command, '-o', folder]).finally(() => door.close())
    const results = await readResults(folder)
    if (results.size === 0) throw new Error(`The conformance suite ran nothing:\n${output}`)
    return new Map(names.map((name) => [name, { checks: results.get(name) ?? [], fault: door.faults.get(name) }]))
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
