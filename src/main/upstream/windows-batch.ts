/**
 * Batch files (`npx.cmd`) can't be started without cmd.exe, and cmd.exe reads its command line as a script. Each argument
 * is therefore quoted for the program and every special character escaped for cmd.exe, twice, because the batch file
 * hands `%*` through cmd.exe once more (the attack class of CVE-2024-27980).
 */
export function batchCommandLine(file: string, args: readonly string[]): string {
  const command = escapeForCmd(file)
  const escaped = args.map((argument) => escapeForCmd(escapeForCmd(quoteForProgram(argument))))
  return `"${[command, ...escaped].join(' ')}"`
}

export function isBatchFile(file: string): boolean {
  return /\.(?:cmd|bat)$/i.test(file)
}

/** The rules of CommandLineToArgvW: backslashes count only before a quote. */
function quoteForProgram(argument: string): string {
  return `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\*)$/, '$1$1')}"`
}

function escapeForCmd(text: string): string {
  return text.replace(/[()\][%!^"`<>&|;, *?]/g, '^$&')
}
