import '../../zod-jitless.ts'
import { useParams } from '@tanstack/react-router'
import { LoaderCircle } from 'lucide-react'
import { useEffect, useEffectEvent } from 'react'
import type { Integration, ShownRestSettings } from '../../../shared/contract/integrations.ts'
import { useIntegrations, useWritable } from '../../stores/console.tsx'
import { Button } from '../../ui/button.tsx'
import { FieldError } from '../../ui/field.tsx'
import { EmptyState, ErrorState } from '../../ui/states.tsx'
import { useCommand } from '../../use-command.ts'
import { DropArea } from './drop-area.tsx'
import { problemWords } from './fault-place.ts'
import { ImportMoreButton, SourceFacts } from './source-facts.tsx'
import { ReimportList } from './reimport-list.tsx'
import { useDocumentCheck } from './use-check.ts'
import { useSpecFiles } from './use-spec-files.ts'
import { WhichDocument } from './which-document.tsx'

/** What a newer document changes in an integration that was imported from one, and what of it is taken over. */
export function ReimportTab() {
  const { slug } = useParams({ from: '/integrations/$slug/openapi' })
  const integration = useIntegrations((state) => state.byName[slug])
  if (!integration?.rest) return null
  if (!integration.rest.source) {
    return (
      <EmptyState action={<ImportMoreButton slug={slug} look="primary" label="Import OpenAPI" />}>
        The tools of this integration did not come from a document.
      </EmptyState>
    )
  }
  return <Reimport key={slug} integration={integration} source={integration.rest.source} />
}

function Reimport({
  integration,
  source,
}: {
  integration: Integration
  source: NonNullable<ShownRestSettings['source']>
}) {
  const writable = useWritable()
  const { check, run, cancel, forget } = useDocumentCheck(integration.name)
  const files = useSpecFiles((spec) => void run(spec))
  const busy = check.state === 'checking'
  const blocked = writable ? (busy ? 'A document is being read' : undefined) : 'Reconnecting'
  const atUrl = source.kind === 'url'
  const again = (): void => {
    if (atUrl && !busy && writable) void run()
  }
  // Whoever comes here wants to know; a file has to be given first.
  const start = useEffectEvent(again)
  useEffect(() => start(), [])
  useCommand('restart', again)

  if (check.state === 'done' && check.diff) {
    return (
      <ReimportList
        key={check.diff.source.sha256}
        integration={integration}
        source={source}
        spec={check.spec}
        diff={check.diff}
        onAnother={() => {
          files.forget()
          forget()
        }}
      />
    )
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-6 py-5" tabIndex={0} aria-label="Newer document">
      <div className="flex max-w-200 flex-col gap-5">
        <div className="flex flex-wrap items-center gap-2">
          <SourceFacts source={source} />
          {atUrl && (
            <Button className="ml-auto" blocked={blocked} onClick={again}>
              Check for changes
            </Button>
          )}
        </div>
        <DropArea
          title="Drop a newer document here"
          hint="It is compared with the one that the tools came from. Nothing changes before you apply it."
          blocked={blocked}
          onFiles={(dropped) => void files.take(dropped)}
          onProblem={files.fail}
        />
        {files.documents && <WhichDocument documents={files.documents} onChoose={files.choose} />}
        <div aria-live="polite">
          {busy && (
            <p className="flex items-center gap-2">
              <LoaderCircle size={16} strokeWidth={1.75} aria-hidden className="spin flex-none text-info" />
              <span className="min-w-0 break-all">Comparing with {check.spec?.name ?? source.url}</span>
              <Button size="small" onClick={cancel}>
                Cancel
              </Button>
            </p>
          )}
          {files.problem !== undefined && <FieldError>{files.problem}</FieldError>}
          {check.problem && (
            <ErrorState
              flush
              title={check.spec ? 'This document could not be read' : 'The document could not be fetched'}
              problem={{ ...check.problem, message: problemWords(check.problem) }}
              {...(check.spec ? {} : { onRetry: again })}
            />
          )}
        </div>
      </div>
    </div>
  )
}
