import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/server'
import { PNG } from './samples.ts'

export function registerResources(server: McpServer): void {
  const plain = { mimeType: 'text/plain' }
  server.registerResource(
    'static-text',
    'test://static-text',
    { ...plain, description: 'A text that never changes' },
    (uri) => ({ contents: [{ uri: uri.href, ...plain, text: 'This is the content of the static text resource.' }] }),
  )
  server.registerResource(
    'static-binary',
    'test://static-binary',
    { mimeType: 'image/png', description: 'A picture that never changes' },
    (uri) => ({ contents: [{ uri: uri.href, mimeType: 'image/png', blob: PNG }] }),
  )
  server.registerResource(
    'watched-resource',
    'test://watched-resource',
    { ...plain, description: 'A text that can be watched' },
    (uri) => ({ contents: [{ uri: uri.href, ...plain, text: 'Watched resource content' }] }),
  )
  server.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    { mimeType: 'application/json', description: 'Data by its id' },
    (uri, { id }) => ({
      contents: [
        {
          uri: uri.href,
          mimeType: 'application/json',
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
        },
      ],
    }),
  )
}
