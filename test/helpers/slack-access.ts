import type { SystemAccess, SystemRequest } from '../../src/main/system/system-adapter.ts'
import type { FakeSlack } from '../servers/slack/server.ts'

/** Slack as it is set up in a workspace, without the rest of the core. */
export function slackAccess(
  slack: FakeSlack,
  { token = 'xoxb-1-good', way = 'app', workspace = 'default' } = {},
): SystemAccess {
  const authorization = `Bearer ${token}`
  return {
    workspace,
    name: 'slack',
    way,
    baseUrl: slack.apiUrl,
    values: {},
    secret: () => undefined,
    authorization: () => Promise.resolve(authorization),
    redact: (text) => text.replaceAll(token, '••••'),
    async request({ method, path, form, bytes }: SystemRequest, signal) {
      const url = path.startsWith('/') ? slack.apiUrl + path : path
      const body = bytes === undefined ? new URLSearchParams((form ?? []).map(([name, value]) => [name, value])) : null
      const answer = await fetch(url, {
        method,
        signal,
        body: body ?? Buffer.from(bytes?.content ?? []),
        headers: { authorization, ...(bytes && { 'content-type': bytes.type }) },
      })
      const text = await answer.text()
      const headers = new Map([...answer.headers].map(([name, value]) => [name.toLowerCase(), value]))
      return { status: answer.status, headers, body: parsed(text) }
    },
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
