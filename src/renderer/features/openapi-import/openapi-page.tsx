import '../../zod-jitless.ts'
import { useSearch } from '@tanstack/react-router'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { useIntegrations, useSystem } from '../../stores/console.tsx'
import { BackLink } from '../../ui/back-link.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState, ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { ImportWizard, type RestIntegration } from './import-wizard.tsx'
import { useExisting } from './use-existing.ts'

/** Imports an OpenAPI or Swagger document: as a new integration, or into one that is there. */
export function OpenApiPage() {
  const { into } = useSearch({ from: '/integrations/new/openapi' })
  return into === undefined ? <ImportWizard /> : <ImportInto key={into} slug={into} />
}

function ImportInto({ slug }: { slug: string }) {
  const known = useIntegrations((state) => state.byName[slug])
  const loaded = useSystem((state) => state.status !== null)
  const { integration, problem, retry } = useExisting(slug)
  if (integration && isRest(integration)) return <ImportWizard existing={integration} />
  const missing = (loaded && !known) || (integration && !integration.rest)
  return (
    <>
      <PageHeader title="Import OpenAPI" back={<BackLink to="/integrations" label="Integrations" />} />
      {missing ? (
        <EmptyState>There is no REST integration named {slug} in this workspace.</EmptyState>
      ) : problem ? (
        <ErrorState title="The integration could not be loaded" problem={problem} onRetry={retry} />
      ) : (
        <SkeletonRows />
      )}
    </>
  )
}

function isRest(integration: Integration): integration is RestIntegration {
  return integration.rest !== null
}
