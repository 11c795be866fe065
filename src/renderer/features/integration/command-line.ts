/** A command as one could type it: what holds spaces or quotes is quoted. For reading and copying; nothing runs it. */
export function commandLine(command: string, args: readonly string[]): string {
  return [command, ...args].map((word) => quoted(word)).join(' ')
}

function quoted(word: string): string {
  if (/^[\w@%+=:,./\\-]+$/.test(word)) return word
  return word.includes('"') ? `'${word}'` : `"${word}"`
}
