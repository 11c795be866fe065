import { readFileSync } from 'node:fs'

const MOST = 4_096
const LEAST = 16

/**
 * How many connections are served: at most half of the files that this process may have open, so that databases and
 * servers never lack theirs because of agents.
 */
export function mostConnections(openFiles: number = openFileLimit()): number {
  return Math.max(LEAST, Math.min(MOST, Math.floor(openFiles / 2)))
}

/** Linux tells it in a file. Elsewhere Node has raised it to more than we would use, or there is none. */
function openFileLimit(): number {
  try {
    const soft = /^Max open files +(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1]
    return soft === undefined ? Infinity : Number(soft)
  } catch {
    return Infinity
  }
}
