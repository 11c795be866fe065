import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { answerAs, newHeard, PATIENCE_MS, textOf, type Agent, type Connecting } from './agent.ts'

/** An agent of 2026-07-28 on SDK 2, which answers `input_required` by itself and tries again. */
export async function connectModern({ name, url, token }: Connecting): Promise<Agent> {
  const client = new Client(
    { name, version: '1' },
    {
      capabilities: { roots: {}, sampling: {}, elicitation: { form: {}, url: {} } },
      versionNegotiation: { mode: { pin: '2026-07-28' } },
    },
  )
  const heard = newHeard()
  const answer = (request: unknown) => answerAs(name, request as Parameters<typeof answerAs>[1], heard) as never
  client.setRequestHandler('roots/list', answer)
  client.setRequestHandler('sampling/createMessage', answer)
  client.setRequestHandler('elicitation/create', answer)
  client.setNotificationHandler('notifications/tools/list_changed', () => void heard.changed.push('tools'))
  client.setNotificationHandler('notifications/prompts/list_changed', () => void heard.changed.push('prompts'))
  client.setNotificationHandler('notifications/resources/list_changed', () => void heard.changed.push('resources'))
  client.setNotificationHandler('notifications/resources/updated', ({ params }) => void heard.updated.push(params.uri))
  client.setNotificationHandler('notifications/message', ({ params }) => void heard.logs.push(params))
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` }
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }))
  await client.listen({ toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true })
  let logLevel: 'warning' | undefined

  return {
    name,
    revision: '2026-07-28',
    negotiated: client.getNegotiatedProtocolVersion(),
    serverName: client.getServerVersion()?.name,
    instructions: client.getInstructions(),
    heard,
    call: async (tool, input = {}, { onProgress, signal } = {}) => {
      const options = { timeout: PATIENCE_MS, ...(onProgress && { onprogress: onProgress }), ...(signal && { signal }) }
      const meta = logLevel && { _meta: { 'io.modelcontextprotocol/logLevel': logLevel } }
      return textOf(await client.callTool({ name: tool, arguments: input, ...meta }, options))
    },
    tools: async () => (await client.listTools({}, { cacheMode: 'refresh' })).tools.map((tool) => tool.name),
    prompts: async () => (await client.listPrompts({}, { cacheMode: 'refresh' })).prompts.map((prompt) => prompt.name),
    prompt: async (prompt, input) => {
      const { messages } = await client.getPrompt({ name: prompt, arguments: input })
      return textOf({ content: messages.map(({ content }) => content) })
    },
    resources: async () => (await client.listResources({}, { cacheMode: 'refresh' })).resources.map(({ uri }) => uri),
    templates: async () => {
      const { resourceTemplates } = await client.listResourceTemplates({}, { cacheMode: 'refresh' })
      return resourceTemplates.map(({ uriTemplate }) => uriTemplate)
    },
    read: async (uri) => textOf({ content: (await client.readResource({ uri }, { cacheMode: 'bypass' })).contents }),
    complete: async (of, argument, value) => {
      const ref =
        'prompt' in of
          ? { type: 'ref/prompt' as const, name: of.prompt }
          : { type: 'ref/resource' as const, uri: of.template }
      return (await client.complete({ ref, argument: { name: argument, value } })).completion.values
    },
    subscribe: async (uri) => {
      const subscription = await client.listen({ resourceSubscriptions: [uri] })
      const honored = subscription.honoredFilter.resourceSubscriptions ?? []
      if (!honored.includes(uri))
        throw new Error(`the subscription to ${uri} was not taken: ${JSON.stringify(honored)}`)
      return () => subscription.close()
    },
    logLevel: (level) => {
      logLevel = level
      return Promise.resolve()
    },
    close: () => client.close(),
  }
}
