/** What a tool answered, block by block, read with care: nothing about it is certain (MCP 2025-11-25, `ContentBlock`). */
export type Block =
  | { kind: 'text'; text: string }
  | { kind: 'image' | 'audio'; media: Media }
  | { kind: 'link'; link: Link }
  | { kind: 'file'; link: Link; text: string | undefined; media: Media | undefined }
  | { kind: 'unknown'; json: string }

export interface Media {
  /** base64 */
  data: string
  /** As the server says. */
  mimeType: string
}

export interface Link {
  uri: string
  /** Whom opening it would ask; undefined for addresses that are not of the web. */
  host: string | undefined
  name: string
  description: string
  mimeType: string
}

/** The blocks of a result; none where it has no content. */
export function blocksOf(result: Readonly<Record<string, unknown>> | null): Block[] {
  return Array.isArray(result?.content) ? result.content.map(blockOf) : []
}

function blockOf(value: unknown): Block {
  const block = isRecord(value) ? value : {}
  switch (block.type) {
    case 'text':
      if (typeof block.text === 'string') return { kind: 'text', text: block.text }
      break
    case 'image':
    case 'audio': {
      const media = mediaOf(block.data, block.mimeType)
      if (media) return { kind: block.type, media }
      break
    }
    case 'resource_link':
      if (typeof block.uri === 'string') return { kind: 'link', link: linkOf(block) }
      break
    case 'resource':
      if (isRecord(block.resource) && typeof block.resource.uri === 'string') return fileOf(block.resource)
      break
  }
  return { kind: 'unknown', json: JSON.stringify(value, null, 2) }
}

function fileOf(resource: Readonly<Record<string, unknown>>): Block {
  return {
    kind: 'file',
    link: linkOf(resource),
    text: typeof resource.text === 'string' ? resource.text : undefined,
    media: mediaOf(resource.blob, resource.mimeType),
  }
}

function linkOf(value: Readonly<Record<string, unknown>>): Link {
  const uri = textOf(value.uri)
  return {
    uri,
    host: hostOf(uri),
    name: textOf(value.title) || textOf(value.name),
    description: textOf(value.description),
    mimeType: textOf(value.mimeType),
  }
}

function hostOf(uri: string): string | undefined {
  if (!/^https?:/i.test(uri) || !URL.canParse(uri)) return undefined
  return new URL(uri).host
}

function mediaOf(data: unknown, mimeType: unknown): Media | undefined {
  return typeof data === 'string' ? { data, mimeType: textOf(mimeType) } : undefined
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
