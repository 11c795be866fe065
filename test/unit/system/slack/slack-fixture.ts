import { onTestFinished } from 'vitest'
import { SlackAdapter } from '../../../../src/main/system/slack/slack-adapter.ts'
import type { OwnToolResult } from '../../../../src/main/upstream/own-tools.ts'
import { slackAccess } from '../../../helpers/slack-access.ts'
import { startFakeSlack, type FakeSlack } from '../../../servers/slack/server.ts'

export async function fakeSlack(): Promise<FakeSlack> {
  const slack = await startFakeSlack()
  onTestFinished(() => slack.close())
  return slack
}

/** What a tool answers with; its text where it failed. */
export async function callTool(
  slack: FakeSlack,
  name: string,
  args: Record<string, unknown>,
  options: Parameters<typeof slackAccess>[1] = {},
): Promise<Record<string, unknown> | string> {
  const result = await rawCall(slack, name, args, options)
  return 'structured' in result ? result.structured : result.text
}

async function rawCall(
  slack: FakeSlack,
  name: string,
  args: Record<string, unknown>,
  options: Parameters<typeof slackAccess>[1],
): Promise<OwnToolResult> {
  const tool = new SlackAdapter().tools.find(({ definition }) => definition.name === name)
  if (tool === undefined) throw new Error(`There is no tool ${name}.`)
  return tool.call(slackAccess(slack, options), args, AbortSignal.timeout(20_000))
}
