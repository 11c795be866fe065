import { originLines } from '../rest/rest-values.ts'

/** Whether an origin is among the addresses that get the credentials, which are written one a line. */
export function hasOrigin(lines: string, origin: string): boolean {
  return originLines(lines).some((line) => URL.parse(line)?.origin === origin)
}

/** The lines with the origin, or without it; all others stay as they are. */
export function withOrigin(lines: string, origin: string, wanted: boolean): string {
  const others = originLines(lines).filter((line) => URL.parse(line)?.origin !== origin)
  return [...others, ...(wanted ? [origin] : [])].join('\n')
}
