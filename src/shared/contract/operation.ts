import { oc } from '@orpc/contract'
import { z } from 'zod'
import { contractErrors } from './errors.ts'

/** Every operation starts here, so that every operation can answer with every error of the one table. */
export const operation = oc.errors(contractErrors)

/** The shape of every list: `next_cursor` is null on the last page. */
export function page<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() })
}
