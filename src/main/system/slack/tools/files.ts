import { z } from 'zod'
import { escaped } from '../slack-text.ts'
import { SlackProblem } from '../slack-problem.ts'
import { ChannelId, slackTool, Timestamp } from './tool.ts'

/** Of one file; what an agent sends has its own limit, at the gateway. */
const MAX_BYTES = 5 * 1024 * 1024
const MAX_BASE64 = Math.ceil(MAX_BYTES / 3) * 4

const UploadPlace = z.object({ upload_url: z.string(), file_id: z.string() })
const Completed = z.object({
  files: z.array(z.object({ id: z.string(), title: z.string().nullish(), permalink: z.string().nullish() })),
})

export const uploadFile = slackTool({
  name: 'upload_file',
  title: 'Upload a file',
  description:
    'Uploads a file and shares it in a channel, or in a thread of one. Give its content as text, or in base64 for anything else. At most 5 MiB.',
  input: z.strictObject({
    channel: ChannelId.describe('ID of the channel to share it in'),
    filename: z
      .string()
      .min(1)
      .max(255)
      .regex(/^[^\p{Cc}/\\]+$/u, 'Give a file name without a folder.')
      .describe('Name with its ending, such as report.csv'),
    content: z.string().min(1).max(MAX_BYTES).optional().describe('The content of a text file'),
    content_base64: z.base64().min(1).max(MAX_BASE64).optional().describe('The content in base64, in place of content'),
    title: z.string().max(255).optional().describe('Shown above the file; left out: its name'),
    initial_comment: z.string().max(4000).optional().describe('Text of the message that the file comes with'),
    thread_ts: Timestamp.optional().describe('Timestamp of the message to share it in the thread of'),
    alt_text: z.string().max(1000).optional().describe('What an image shows, for people who do not see it'),
  }),
  output: z.object({ file_id: z.string(), title: z.string(), permalink: z.string().nullable() }),
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  run: async (client, args) => {
    const { channel, filename, title = filename, thread_ts, initial_comment, alt_text } = args
    const bytes = bytesOf(args)
    const asked = { filename, length: bytes.length, ...(alt_text !== undefined && { alt_txt: alt_text }) }
    const place = await client.call('files.getUploadURLExternal', asked, UploadPlace)
    await client.upload(place.upload_url, bytes)
    const done = await client.call(
      'files.completeUploadExternal',
      {
        files: [{ id: place.file_id, title }],
        channel_id: channel,
        ...(thread_ts !== undefined && { thread_ts }),
        ...(initial_comment !== undefined && { initial_comment: escaped(initial_comment) }),
      },
      Completed,
    )
    return { file_id: place.file_id, title, permalink: done.files[0]?.permalink ?? null }
  },
})

function bytesOf({ content, content_base64 }: { content?: string | undefined; content_base64?: string | undefined }) {
  if ((content === undefined) === (content_base64 === undefined)) {
    throw unfit('Give the content once: either content or content_base64.')
  }
  const bytes = content === undefined ? Buffer.from(content_base64 ?? '', 'base64') : Buffer.from(content)
  if (bytes.length > MAX_BYTES) throw unfit('The file is larger than 5 MiB.')
  return bytes
}

function unfit(message: string): SlackProblem {
  return new SlackProblem('invalid_arguments', message, { consequence: 'rejected', fix: 'Nothing was sent.' })
}
