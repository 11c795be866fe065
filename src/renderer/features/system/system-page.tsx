import { lazy, Suspense } from 'react'
import type { Integration } from '../../../shared/contract/integrations.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { nameOf } from '../integrations/catalog-filter.ts'
import { StatusBadge } from '../integrations/status-badge.tsx'

const SystemSetup = lazy(() => import('./system-setup.tsx').then((module) => ({ default: module.SystemSetup })))

/** A system integration that is not set up: what it is, and how it is connected. */
export function SystemPage({ integration }: { integration: Integration }) {
  const name = nameOf(integration)
  return (
    <div className="overflow-y-auto px-6 pt-3 pb-6">
      <BackLink to="/integrations" label="Integrations" />
      <header className="mt-1 flex min-h-9 items-center gap-3">
        <Monogram name={integration.name} label={name} large />
        <h1 className="text-page font-semibold">{name}</h1>
        <span className="font-mono text-code text-muted">{integration.name}</span>
        <StatusBadge integration={integration} />
      </header>
      <p className="mt-4 mb-6 max-w-140 text-strong">{integration.description}</p>
      <Suspense>
        <SystemSetup key={integration.name} integration={integration} />
      </Suspense>
    </div>
  )
}
