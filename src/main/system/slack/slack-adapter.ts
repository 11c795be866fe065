import type { SetupCheck } from '../../../shared/contract/setup.ts'
import type { AdapterTool, SystemAccess, SystemAdapter } from '../system-adapter.ts'
import { verifySlack } from './slack-verify.ts'
import { uploadFile } from './tools/files.ts'
import { listChannels, searchUsers } from './tools/finding.ts'
import { addReaction, postMessage, updateMessage } from './tools/posting.ts'
import { readChannelHistory, readThread } from './tools/reading.ts'

/** What Slack's registry entry can not say: its tools, and whether it is set up right. */
export class SlackAdapter implements SystemAdapter {
  readonly tools: readonly AdapterTool[] = [
    postMessage,
    updateMessage,
    listChannels,
    readChannelHistory,
    readThread,
    searchUsers,
    addReaction,
    uploadFile,
  ]

  verify(access: SystemAccess, signal: AbortSignal): AsyncIterable<SetupCheck> {
    return verifySlack(access, signal)
  }
}
