/**
 * Why a request got nothing that can be used. `unreachable`: no answer. `unauthorized`: it wants other credentials.
 * `wrong_path`: something else than Prometheus' API is there. `missing`: this server does not have that part of the API.
 * `refused`: it does not accept what was asked, a query for example. `failing`: it answers that it can't now.
 */
export type ProblemKind = 'unreachable' | 'unauthorized' | 'wrong_path' | 'missing' | 'refused' | 'failing'

/** Its message is a sentence for a person. */
export class PrometheusProblem extends Error {
  override readonly name = 'PrometheusProblem'
  readonly kind: ProblemKind
  /** What to do; null: nothing that is known. */
  readonly fix: string | null
  /** The field of the setup at fault, `values.endpoint`. */
  readonly field: string | null

  constructor(
    kind: ProblemKind,
    message: string,
    { fix = null, field = null, cause }: { fix?: string | null; field?: string | null; cause?: unknown } = {},
  ) {
    super(message, { cause })
    this.kind = kind
    this.fix = fix
    this.field = field
  }
}
