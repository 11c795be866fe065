import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { ProcessFacts } from './process-table.ts'

const TIMEOUT_MS = 10_000
const MAX_OUTPUT_BYTES = 16 * 1024 * 1024
const TICKS_PER_MS = 10_000
/** 1970-01-01 in .NET ticks. */
const EPOCH_TICKS = 621_355_968_000_000_000n
const run = promisify(execFile)

const SCRIPT = `
$ProgressPreference = 'SilentlyContinue'
Get-CimInstance -ClassName Win32_Process | Where-Object CreationDate | ForEach-Object {
  '{0} {1} {2} {3} {4}' -f $_.ProcessId, $_.ParentProcessId, $_.WorkingSetSize,
    ($_.KernelModeTime + $_.UserModeTime), $_.CreationDate.ToUniversalTime().Ticks
}`

/** Every process by PowerShell; `wmic` is gone from new versions of Windows. */
export async function readWithPowerShell(): Promise<ProcessFacts[]> {
  const encoded = Buffer.from(SCRIPT, 'utf16le').toString('base64')
  const options = { timeout: TIMEOUT_MS, maxBuffer: MAX_OUTPUT_BYTES, windowsHide: true }
  const { stdout } = await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-EncodedCommand', encoded], options)
  return parsePowerShell(stdout)
}

/** Lines of `pid parent memory cpu born`; times in ticks of 100 ns. */
export function parsePowerShell(output: string): ProcessFacts[] {
  return output.split(/\r*\n/).flatMap((line) => {
    const match = /^(\d+) (\d+) (\d+) (\d+) (\d+)$/.exec(line.trim())
    if (!match) return []
    const [, pid = '', parent = '', memory = '', cpu = '', born = ''] = match
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        group: undefined,
        session: undefined,
        born,
        startedAtMs: Number((BigInt(born) - EPOCH_TICKS) / BigInt(TICKS_PER_MS)),
        memoryBytes: Number(memory),
        cpuMs: Number(cpu) / TICKS_PER_MS,
        isZombie: false,
      },
    ]
  })
}
