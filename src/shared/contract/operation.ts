import { oc } from '@orpc/contract'
import { z } from 'zod'
import { contractErrors } from './errors.ts'

/** Every operation starts here, so that every operation can answer with every error of the one table. */
export const operation = oc.errors(contractErrors)

/** The shape of every list: `next_cursor` is null on the last page. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() })
}

/** For operations on one thing. */
export const ById = z.strictObject({ id: z.string() })

/** What a list in pages takes: how many at a time, `most` of them, and the `next_cursor` of the page before. */
export function paging(most: number) {
  return { limit: z.coerce.number().int().min(1).max(most).default(100), cursor: z.string().optional() }
}
