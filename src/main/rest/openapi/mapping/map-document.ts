import type { OpenApiPreview, PreviewServer, PreviewTool } from '../../../../shared/contract/openapi.ts'
import { MAX_REST_TOOLS } from '../../../../shared/contract/words.ts'
import { messageOf } from '../../../base/message-of.ts'
import { cleanText } from './clean-text.ts'
import { ImportWarnings } from './import-warnings.ts'
import { type Mapping, mapOperation } from './map-operation.ts'
import type { GivenOperation } from './operation-parameters.ts'
import { operationsOf } from './operations.ts'
import { withOwnExtension } from '../export/own-extension.ts'
import { child, textAt } from './place.ts'
import { References } from './references.ts'
import { SchemaConverter } from '../schemas/schema-converter.ts'
import type { Dialect } from '../schemas/schema-keywords.ts'
import { authOf } from './security.ts'
import { isReady, listedServers, serversOf } from './servers.ts'
import type { SpecDocument } from '../reading/spec-document.ts'
import { toolNames } from './tool-names.ts'
import { ToolSchemas } from '../schemas/tool-schemas.ts'

const MAX_TITLE = 256
const MAX_DESCRIPTION = 4000

const DIALECTS: Record<SpecDocument['format'], Dialect> = {
  'swagger-2.0': '2.0',
  'openapi-3.0': '3.0',
  'openapi-3.1': '3.1',
  'openapi-3.2': '3.1',
}

/**
 * What importing a document gives. Whatever can't be used is left out with a warning that says where it stands, and all the
 * rest is offered: real documents break their specification in some place nearly always.
 */
export function mapDocument(document: SpecDocument): OpenApiPreview {
  const warnings = new ImportWarnings(document.path)
  const references = new References(document, warnings)
  const { operations, count } = operationsOf(references)
  const servers = serversOf(references)
  const baseUrl = servers[0]?.url ?? mostCommonServer(references, operations)
  const dialect = DIALECTS[document.format]
  const converter = new SchemaConverter(references, dialect)
  const mapping: Mapping = {
    references,
    dialect,
    converter,
    requests: new ToolSchemas(converter, 'request'),
    answers: new ToolSchemas(converter, 'response'),
    baseUrl,
  }
  const usable = operations.slice(0, MAX_REST_TOOLS)
  if (operations.length > usable.length) {
    const message = `There are ${operations.length.toLocaleString('en')} operations; those after the first ${MAX_REST_TOOLS.toLocaleString('en')} are left out.`
    warnings.add(child(references.root, 'paths'), message)
  }
  const tools = toolsOf(mapping, usable)
  const info = child(references.root, 'info')
  return withOwnExtension(document.root, {
    title: cleanText(textAt(info, 'title'), MAX_TITLE),
    version: textAt(info, 'version') ?? '',
    description: cleanText(textAt(info, 'description'), MAX_DESCRIPTION),
    format: document.formatName,
    base_url: isReady({ url: baseUrl }) || baseUrl.startsWith('/') ? baseUrl : '',
    servers,
    ...authOf(
      references,
      operations.map(({ place }) => place),
    ),
    tools,
    operation_count: count,
    warnings: [...document.warnings, ...warnings.all],
  })
}

function toolsOf(mapping: Mapping, operations: readonly GivenOperation[]): PreviewTool[] {
  const { warnings } = mapping.references
  const names = toolNames(
    operations.map(({ method, path, place }) => ({ method, path, id: textAt(place, 'operationId') })),
  )
  return operations.flatMap((operation, index) => {
    try {
      const tool = mapOperation(mapping, operation, names[index] ?? '')
      return tool === null ? [] : [{ ...tool, warnings: warnings.of(operation.label) }]
    } catch (cause) {
      // Whatever it is, the other operations can be used.
      warnings.add(
        operation.place,
        `${operation.label} can't be read (${messageOf(cause)}); it is left out.`,
        operation.label,
      )
      return []
    }
  })
}

/** Where a document names no server, its paths or operations may. */
function mostCommonServer(references: References, operations: readonly GivenOperation[]): string {
  const counts = new Map<string, number>()
  for (const { place, pathItem } of operations) {
    const server: PreviewServer | undefined = [place, pathItem].flatMap((owner) => listedServers(references, owner))[0]
    if (server && isReady(server)) counts.set(server.url, (counts.get(server.url) ?? 0) + 1)
  }
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0] ?? ''
}
