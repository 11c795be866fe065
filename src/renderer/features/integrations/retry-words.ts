/** ", restarting in 8 s": the tail of a status while the next attempt is waited for. */
export function retryWords(verb: string, inMs: number): string {
  if (inMs < 1_000) return `, ${verb} now`
  const seconds = Math.ceil(inMs / 1_000)
  return seconds < 120 ? `, ${verb} in ${seconds} s` : `, ${verb} in ${Math.ceil(seconds / 60)} min`
}
