import * as client20251125 from '@modelcontextprotocol/sdk/client/index.js'
import * as http20251125 from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import * as types20251125 from '@modelcontextprotocol/sdk/types.js'
import * as client20250326 from 'sdk-2025-03-26/client/index.js'
import * as http20250326 from 'sdk-2025-03-26/client/streamableHttp.js'
import * as types20250326 from 'sdk-2025-03-26/types.js'
import * as client20250618 from 'sdk-2025-06-18/client/index.js'
import * as http20250618 from 'sdk-2025-06-18/client/streamableHttp.js'
import * as types20250618 from 'sdk-2025-06-18/types.js'
import { answerAs, newHeard, PATIENCE_MS, textOf, type Agent, type Connecting, type Revision } from './agent.ts'

/** Agents of the legacy revisions, each on the SDK 1 of its time. */

interface Sdk {
  Client: typeof client20251125.Client
  Transport: typeof http20251125.StreamableHTTPClientTransport
  types: typeof types20251125
  capabilities: types20251125.ClientCapabilities
}

export type LegacyRevision = Exclude<Revision, '2026-07-28'>

/** The releases have the same shape where they are used here; their types differ by the zod that they were built on. */
const SDKS: Record<LegacyRevision, Sdk> = {
  '2025-11-25': {
    Client: client20251125.Client,
    Transport: http20251125.StreamableHTTPClientTransport,
    types: types20251125,
    capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: { form: {}, url: {} } },
  },
  '2025-06-18': {
    Client: client20250618.Client as unknown as Sdk['Client'],
    Transport: http20250618.StreamableHTTPClientTransport as unknown as Sdk['Transport'],
    types: types20250618 as unknown as Sdk['types'],
    capabilities: { roots: { listChanged: true }, sampling: {}, elicitation: {} },
  },
  '2025-03-26': {
    Client: client20250326.Client as unknown as Sdk['Client'],
    Transport: http20250326.StreamableHTTPClientTransport as unknown as Sdk['Transport'],
    types: types20250326 as unknown as Sdk['types'],
    capabilities: { roots: { listChanged: true }, sampling: {} },
  },
}

export async function connectLegacy(revision: LegacyRevision, { name, url, token }: Connecting): Promise<Agent> {
  const { Client, Transport: HttpTransport, types, capabilities } = SDKS[revision]
  const client = new Client({ name, version: '1' }, { capabilities })
  const heard = newHeard()
  const answer = (request: unknown) => answerAs(name, request as Parameters<typeof answerAs>[1], heard) as never
  client.setRequestHandler(types.ListRootsRequestSchema, answer)
  client.setRequestHandler(types.CreateMessageRequestSchema, answer)
  if (capabilities.elicitation) client.setRequestHandler(types.ElicitRequestSchema, answer)
  client.setNotificationHandler(types.ToolListChangedNotificationSchema, () => void heard.changed.push('tools'))
  client.setNotificationHandler(types.PromptListChangedNotificationSchema, () => void heard.changed.push('prompts'))
  client.setNotificationHandler(types.ResourceListChangedNotificationSchema, () => void heard.changed.push('resources'))
  client.setNotificationHandler(
    types.ResourceUpdatedNotificationSchema,
    ({ params }) => void heard.updated.push(params.uri),
  )
  client.setNotificationHandler(types.LoggingMessageNotificationSchema, ({ params }) => void heard.logs.push(params))
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  const transport = new HttpTransport(new URL(url), { requestInit: { headers } })
  await client.connect(transport)

  return {
    name,
    revision,
    // 1.12 does not keep it: there it is the only one that it asks for, and it ends when it is given another.
    negotiated: transport.protocolVersion ?? types.LATEST_PROTOCOL_VERSION,
    serverName: client.getServerVersion()?.name,
    instructions: client.getInstructions(),
    heard,
    call: async (tool, input = {}, { onProgress, signal } = {}) => {
      const options = { timeout: PATIENCE_MS, ...(onProgress && { onprogress: onProgress }), ...(signal && { signal }) }
      return textOf(await client.callTool({ name: tool, arguments: input }, undefined, options))
    },
    tools: async () => (await client.listTools()).tools.map((tool) => tool.name),
    prompts: async () => (await client.listPrompts()).prompts.map((prompt) => prompt.name),
    prompt: async (prompt, input) => {
      const { messages } = await client.getPrompt({ name: prompt, arguments: input })
      return textOf({ content: messages.map(({ content }) => content) })
    },
    resources: async () => (await client.listResources()).resources.map(({ uri }) => uri),
    templates: async () => (await client.listResourceTemplates()).resourceTemplates.map((each) => each.uriTemplate),
    read: async (uri) => textOf({ content: (await client.readResource({ uri })).contents }),
    complete: async (of, argument, value) => {
      const ref =
        'prompt' in of
          ? { type: 'ref/prompt' as const, name: of.prompt }
          : { type: 'ref/resource' as const, uri: of.template }
      return (await client.complete({ ref, argument: { name: argument, value } })).completion.values
    },
    subscribe: async (uri) => {
      await client.subscribeResource({ uri })
      return async () => {
        await client.unsubscribeResource({ uri })
      }
    },
    // There is no level for silence: the most severe one comes nearest.
    logLevel: async (level) => {
      await client.setLoggingLevel(level ?? 'emergency')
    },
    close: async () => {
      await transport.terminateSession().catch(() => undefined)
      await client.close()
    },
  }
}
