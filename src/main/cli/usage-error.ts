/** What was typed can't be meant: exit code 2, and a hint at the help. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
