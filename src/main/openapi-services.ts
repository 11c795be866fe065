import type { ApiServices } from './api/services.ts'
import type { Redactor } from './base/redact.ts'
import { nameInGateway } from './gateway/names.ts'
import type { IntegrationsService } from './integrations/service.ts'
import { ToolDrafts } from './integrations/tool-drafts.ts'
import { fetchDocument } from './rest/openapi/reading/fetch-document.ts'
import { OpenApiReader } from './rest/openapi/openapi-reader.ts'
import { OpenApiPreviews } from './rest/openapi/preview-service.ts'
import { RestImports } from './rest/openapi/reimport/rest-imports.ts'
import type { StartReading } from './rest/openapi/start-reading.ts'

interface OpenApiServicesOptions {
  integrations: IntegrationsService
  profiles: ConstructorParameters<typeof RestImports>[0]['profiles']
  calls: ConstructorParameters<typeof RestImports>[0]['calls']
  redactor: Redactor
  startReading: StartReading | undefined
}

/** The part of the composition root that is about OpenAPI documents and the tools made of them. */
export function openApiServices({
  integrations,
  profiles,
  calls,
  redactor,
  startReading,
}: OpenApiServicesOptions): Pick<ApiServices, 'previews' | 'imports' | 'toolDrafts'> & { close(): Promise<void> } {
  const reader = new OpenApiReader({ startReading })
  const previews = new OpenApiPreviews({
    reader,
    fetchDocument,
    accessOf: (workspace, draft) => integrations.trials.restDraft(workspace, draft),
  })
  const imports = new RestImports({
    integrations: {
      get: (workspace, name) => integrations.get(workspace, name),
      update: (workspace, name, changes) => integrations.update(workspace, name, changes),
      source: (workspace, name) => integrations.source(workspace, name),
      fetchDocument: (workspace, name, url, signal) =>
        fetchDocument(url, integrations.trials.restAccess(workspace, name), signal),
    },
    profiles,
    calls,
    reader,
    gatewayName: nameInGateway,
    redact: (text) => redactor.text(text),
  })
  // Loaded when somebody writes a tool.
  const toolDrafts = new ToolDrafts({
    trials: integrations.trials,
    preview: async (...args) => (await import('./rest/try-tool.ts')).previewTool(...args),
    call: async (...args) => (await import('./rest/try-tool.ts')).tryTool(...args),
  })
  return { previews, imports, toolDrafts, close: () => reader.close() }
}
