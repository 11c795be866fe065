const GROUP = '[Default Applications]'

/**
 * A `mimeapps.list` in which `entry` opens `type`; everything else of it stays as it is, the other choices for this type
 * behind ours included.
 */
export function withDefaultApplication(list: string, type: string, entry: string): string {
  const lines = list.split('\n')
  const start = lines.findIndex((line) => line.trim() === GROUP)
  if (start === -1) return `${list}${list === '' || list.endsWith('\n') ? '' : '\n'}${GROUP}\n${type}=${entry};\n`
  const next = lines.findIndex((line, index) => index > start && line.trimStart().startsWith('['))
  const end = next === -1 ? lines.length : next
  const at = lines.findIndex((line, index) => index > start && index < end && keyOf(line) === type)
  if (at === -1) return lines.toSpliced(start + 1, 0, `${type}=${entry};`).join('\n')
  const chosen = entriesOf(lines[at] ?? '')
  if (chosen[0] === entry) return list
  const others = chosen.filter((other) => other !== entry)
  return lines.with(at, `${type}=${[entry, ...others].join(';')};`).join('\n')
}

const keyOf = (line: string) => line.split('=', 1)[0]?.trim()

const entriesOf = (line: string) =>
  line
    .slice(line.indexOf('=') + 1)
    .split(';')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
