/** One thing that is wrong with a tool or its arguments: `path` as in `limit` or `parameters.2.schema`. */
export interface Problem {
  path: string
  message: string
}

/** Arguments that make no request. Told to the agent, which can mend them. */
export class UnfitArguments extends Error {
  override readonly name = 'UnfitArguments'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('\n'))
    this.problems = problems
  }
}

/** About one argument. */
export function unfit(path: string, message: string): UnfitArguments {
  return new UnfitArguments([{ path, message }])
}
