import { readdirSync, readFileSync } from 'node:fs'

/** Every process below this one, however deep, as Linux lists them in /proc. */
export function descendantsOf(pid: number): number[] {
  const parents = new Map<number, number>()
  for (const entry of readdirSync('/proc')) {
    const parent = /^\d+$/.test(entry) ? fieldsOf(Number(entry))?.parent : undefined
    if (parent !== undefined) parents.set(Number(entry), parent)
  }
  const below = (top: number): number[] =>
    [...parents].filter(([, parent]) => parent === top).flatMap(([child]) => [child, ...below(child)])
  return below(pid)
}

/** A zombie has ended: it only waits for its parent to look. */
export function isAlive(pid: number): boolean {
  const state = fieldsOf(pid)?.state
  return state !== undefined && state !== 'Z'
}

/** Of /proc/PID/stat; the program's name in brackets may itself hold spaces and brackets. */
function fieldsOf(pid: number): { state: string; parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return state === undefined ? undefined : { state, parent: Number(parent) }
  } catch {
    return undefined
  }
}
