interface DesktopEntryOptions {
  /** It opens addresses of this scheme: one is added to the command as it is. */
  scheme?: string
}

/** A desktop entry that starts `command` (freedesktop.org Desktop Entry Specification 1.5). */
export function desktopEntry(name: string, command: readonly string[], { scheme }: DesktopEntryOptions = {}): string {
  const exec = command.map(execWord)
  return [
    '[Desktop Entry]',
    'Type=Application',
    `Name=${name}`,
    `Exec=${(scheme === undefined ? exec : [...exec, '%u']).join(' ')}`,
    'Terminal=false',
    // Not one more entry in the menu of programs.
    ...(scheme === undefined ? [] : ['NoDisplay=true', `MimeType=${schemeType(scheme)};`]),
    '',
  ].join('\n')
}

/** How the desktop calls addresses of a scheme (Shared MIME-info Specification, "URI scheme handlers"). */
export function schemeType(scheme: string): string {
  return `x-scheme-handler/${scheme}`
}

/** What needs no quotes. Then there are none, because `xdg-open` itself knows none: where there is no desktop it reads the entry. */
const PLAIN = /^[\w./:=@+,-]+$/

/**
 * One argument of `Exec`. Within quotes `"`, a backtick, `$` and `\` take a backslash; the value as a whole
 * is a string, in which a backslash is doubled and a line break is one; `%` begins a field code and is doubled as well.
 */
function execWord(word: string): string {
  if (PLAIN.test(word)) return word
  const quoted = word
    .replace(/["`$\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
  return `"${quoted}"`
}
