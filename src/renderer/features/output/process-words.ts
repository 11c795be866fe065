import type { ProcessUsage } from '../../../shared/contract/integrations.ts'
import { countWords } from '../../ui/words.ts'
import { sizeWords } from '../traffic/call-words.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** `12 s`, `2 min`, `3 h 5 min`, `2 d 4 h`: how long something runs. */
export function uptimeWords(ms: number): string {
  if (ms < MINUTE) return `${Math.max(0, Math.floor(ms / 1_000))} s`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`
  return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`
}

/** `pid 4121`, `38.1 MB`, `1.2 % CPU`, `up 2 min`, `3 processes`. */
export function processWords(usage: ProcessUsage, now: number): string[] {
  return [
    `pid ${usage.pid}`,
    sizeWords(usage.memory_bytes),
    `${usage.cpu_percent.toFixed(1)} % CPU`,
    `up ${uptimeWords(now - Date.parse(usage.started_at))}`,
    countWords(usage.process_count, 'process', 'processes'),
  ]
}
