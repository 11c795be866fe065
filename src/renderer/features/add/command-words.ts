/** `--flag=value` in its two halves; anything else is the flag alone. */
export function splitOption(arg: string): [string, string | undefined] {
  const equals = arg.startsWith('--') ? arg.indexOf('=') : -1
  return equals < 0 ? [arg, undefined] : [arg.slice(0, equals), arg.slice(equals + 1)]
}

/** The values of every option with one of these names. */
export function optionValues(args: readonly string[], names: readonly string[]): string[] {
  return args.flatMap((arg, index) => (names.includes(arg) ? [args[index + 1] ?? ''] : []))
}

/** `Name: value` of `curl -H` and its kin. */
export function splitHeader(text: string): readonly [string, string] {
  const colon = text.indexOf(':')
  return colon < 0 ? [text.trim(), ''] : [text.slice(0, colon).trim(), text.slice(colon + 1).trim()]
}

/** The program of a path, on any system. */
export function baseName(path: string): string {
  return (path.split(/[/\\]/).at(-1) ?? path).replace(/\.(exe|cmd)$/i, '')
}

/** `NAME=value`, as a shell reads it before a command. */
export const ASSIGNMENT = /^([A-Za-z_][A-Za-z0-9_]*)=([\s\S]*)$/
