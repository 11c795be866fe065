/**
 * What holds that several rules want: the first that lets it go decides, so a rule that does not hold it at all tells of it
 * whatever the others do. Undefined: one does not, or there is none.
 */
export function firstToLetGo<Rule, Hold extends { untilMs: number }>(
  rules: readonly Rule[],
  holdOf: (rule: Rule) => Hold | undefined,
): Hold | undefined {
  let first: Hold | undefined
  for (const rule of rules) {
    const hold = holdOf(rule)
    if (hold === undefined) return undefined
    if (first === undefined || hold.untilMs < first.untilMs) first = hold
  }
  return first
}
