import { z } from 'zod'
import type { Template } from './templates.ts'

const Case = z.string().min(1).max(64)

/** A setting as the files of the registry have it. */
export const Templated: z.ZodType<Template> = z.lazy(() =>
  z.union([
    z.string().max(20_000),
    z.number(),
    z.boolean(),
    z.array(Templated).max(200),
    z.strictObject({ by: Case, cases: z.record(Case, Templated) }),
    z.strictObject({ all: z.record(z.string().max(128), Templated) }),
  ]),
)
