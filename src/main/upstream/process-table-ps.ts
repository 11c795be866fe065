import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { ProcessFacts } from './process-table.ts'

const TIMEOUT_MS = 5_000
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024
const run = promisify(execFile)

/** Every process by `ps`: macOS and other systems without /proc. */
export async function readWithPs(): Promise<ProcessFacts[]> {
  const columns = ['pid', 'ppid', 'pgid', 'state', 'rss', 'time', 'lstart']
  const args = ['-A', ...columns.flatMap((column) => ['-o', `${column}=`])]
  // The beginning of a process is compared as text: it must not change with the language or the time zone.
  const env = { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' }
  const { stdout } = await run('ps', args, { env, timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES })
  return parsePs(stdout)
}

/** Lines of `pid ppid pgid state rss time lstart`. */
export function parsePs(output: string): ProcessFacts[] {
  return output.split('\n').flatMap((line) => {
    const [pid, parent, group, state, rss, time, ...start] = line.trim().split(/\s+/)
    const born = start.join(' ')
    const startedAtMs = Date.parse(`${born} UTC`)
    if (pid === undefined || state === undefined || time === undefined || Number.isNaN(startedAtMs)) return []
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: Number(group),
        session: undefined,
        born,
        startedAtMs,
        memoryBytes: Number(rss) * 1024,
        cpuMs: parseTime(time),
        isZombie: state.startsWith('Z'),
      },
    ]
  })
}

/** `[days-]hours:minutes:seconds` or `minutes:seconds.hundredths`. */
function parseTime(text: string): number {
  const [days, clock] = text.includes('-') ? (text.split('-') as [string, string]) : ['0', text]
  const seconds = clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
  return Math.round((Number(days) * 86_400 + seconds) * 1000)
}
