import { z } from 'zod'
import { PageEnd } from './tools/tool.ts'

const Described = z
  .object({ value: z.string().default('') })
  .catch({ value: '' })
  .default({ value: '' })

const RawChannel = z.object({
  id: z.string(),
  name: z.string().default(''),
  is_private: z.boolean().default(false),
  is_archived: z.boolean().default(false),
  is_member: z.boolean().default(false),
  topic: Described,
  purpose: Described,
  num_members: z.number().nullish(),
})
export type RawChannel = z.output<typeof RawChannel>

/** A page of `conversations.list`. */
export const ChannelPage = z.object({ channels: z.array(RawChannel), ...PageEnd })
