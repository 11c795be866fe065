import type { Integration } from '../../../shared/contract/integrations.ts'
import { BackLink } from '../../ui/back-link.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { Switch } from '../../ui/switch.tsx'
import { nameOf } from '../integrations/catalog-filter.ts'
import { StatusBadge } from '../integrations/status-badge.tsx'

/** A system integration that is not set up: what it is and what it needs, as its registry entry says. */
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
        <Switch
          label={`Enable ${name}`}
          aria-describedby="system-why"
          checked={integration.status === 'active'}
          disabled
          readOnly
          className="ml-auto"
        />
      </header>
      <div className="mt-6 flex max-w-140 flex-col gap-4">
        <p className="text-strong">{integration.description}</p>
        <p id="system-why" className="text-muted">
          {name} is not set up, so it serves no tools and cannot be enabled. It is part of Gatehouse and stays in the
          catalog.
        </p>
      </div>
    </div>
  )
}
