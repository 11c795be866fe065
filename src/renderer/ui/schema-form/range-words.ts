import { numberOf, type Schema } from './schema.ts'

/** The numbers that a schema allows, in words: "1 to 10", "at least 0", "more than 0, a multiple of 0.5". */
export function rangeWords(schema: Schema): string {
  const [low, above] = bound(schema.minimum, schema.exclusiveMinimum, (one, other) => Math.max(one, other))
  const [high, below] = bound(schema.maximum, schema.exclusiveMaximum, (one, other) => Math.min(one, other))
  const step = numberOf(schema.multipleOf)
  const words: string[] = []
  if (low !== undefined && high !== undefined && !above && !below) words.push(`${low} to ${high}`)
  else {
    if (low !== undefined) words.push(`${above ? 'more than' : 'at least'} ${low}`)
    if (high !== undefined) words.push(`${below ? 'less than' : 'at most'} ${high}`)
  }
  if (step !== undefined) words.push(`a multiple of ${step}`)
  return words.join(', ')
}

/** A limit and whether it is itself excluded. Draft 4 says so by `exclusiveMinimum: true`, later ones by a number. */
function bound(
  inclusive: unknown,
  exclusive: unknown,
  tighter: (one: number, other: number) => number,
): [number | undefined, boolean] {
  const open = numberOf(exclusive)
  const closed = numberOf(inclusive)
  if (open === undefined) return [closed, exclusive === true]
  if (closed === undefined) return [open, true]
  const limit = tighter(open, closed)
  return [limit, limit === open]
}
