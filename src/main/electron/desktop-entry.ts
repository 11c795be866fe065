/** A desktop entry that starts `command` (freedesktop.org Desktop Entry Specification 1.5). */
export function desktopEntry(name: string, command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    `Name=${name}`,
    `Exec=${command.map(execWord).join(' ')}`,
    'Terminal=false',
    '',
  ].join('\n')
}

/**
 * One argument of `Exec`. Quoted always: within quotes `"`, a backtick, `$` and `\` take a backslash; the value as a whole
 * is a string, in which a backslash is doubled and a line break is one; `%` begins a field code and is doubled as well.
 */
function execWord(word: string): string {
  const quoted = word
    .replace(/["`$\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
  return `"${quoted}"`
}
