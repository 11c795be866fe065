import type { RestConnectionDraft } from '../../../shared/contract/integrations.ts'
import type { OpenApiPreview } from '../../../shared/contract/openapi.ts'
import type { NewRestSource } from '../../../shared/contract/rest.ts'
import { AppError } from '../../base/app-error.ts'
import type { DocumentAccess } from './reading/fetch-document.ts'
import type { OpenApiReader } from './openapi-reader.ts'

interface Given {
  spec?: string | undefined
  url?: string | undefined
  files?: Readonly<Record<string, string>> | undefined
  connection?: RestConnectionDraft | undefined
}

interface OpenApiPreviewsOptions {
  reader: Pick<OpenApiReader, 'preview'>
  /** How the API of a draft is reached, with its secrets: those given, or those stored where the draft names them. */
  accessOf(workspace: string, draft: RestConnectionDraft): DocumentAccess | Promise<DocumentAccess>
  fetchDocument(url: string, access: DocumentAccess | undefined, signal: AbortSignal): Promise<string>
}

type PreviewSource = Omit<NewRestSource, 'document' | 'files'> & { document: string | null }
export type DocumentPreview = OpenApiPreview & { source: PreviewSource }

/** What importing a document would give. Writes nothing. */
export class OpenApiPreviews {
  readonly #options: OpenApiPreviewsOptions

  constructor(options: OpenApiPreviewsOptions) {
    this.#options = options
  }

  async preview(workspace: string, given: Given, signal: AbortSignal): Promise<DocumentPreview> {
    const { spec, url, files, connection } = given
    if ((spec === undefined) === (url === undefined)) {
      const message = 'Give either the text of the document or its URL.'
      throw new AppError('invalid_input', { message, details: [{ path: 'spec', message }] })
    }
    if (url === undefined) {
      const preview = await this.#options.reader.preview(spec ?? '', files, signal)
      return { ...preview, source: { kind: 'text', document: null } }
    }
    const access = connection && (await this.#options.accessOf(workspace, connection))
    const document = await this.#options.fetchDocument(url, access, signal)
    const preview = await this.#options.reader.preview(document, files, signal).catch((error: unknown) => {
      throw atUrl(error)
    })
    return { ...withOwnServer(preview, url), source: { kind: 'url', url, document } }
  }
}

/** The form has the URL before it, and no text. */
function atUrl(error: unknown): unknown {
  if (!(error instanceof AppError)) return error
  const details = error.details.map((detail) => (detail.path === 'spec' ? { ...detail, path: 'url' } : detail))
  return new AppError(error.code, { message: error.message, details })
}

/** Servers without a host are below the document's own address, and so is one that no document names (OpenAPI 3.1, 4.8.5). */
function withOwnServer(preview: OpenApiPreview, url: string): OpenApiPreview {
  const here = (address: string) =>
    URL.canParse(address, url) ? new URL(address, url).href.replace(/\/$/, '') : address
  const { base_url, servers } = preview
  return {
    ...preview,
    base_url: base_url === '' && servers.length > 0 ? '' : here(base_url === '' ? '/' : base_url),
    servers: servers.map((server) => ({ ...server, url: hasHost(server.url) ? server.url : here(server.url) })),
  }
}

function hasHost(url: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(url) || url.includes('{')
}
