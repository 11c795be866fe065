import type { ReactNode } from 'react'
import type { Incident } from '../../../shared/contract/incidents.ts'
import { ForeignText } from '../../ui/foreign-text.tsx'
import { LongText } from '../../ui/long-text.tsx'
import { Pane } from '../../ui/pane.tsx'
import { ErrorState, SkeletonRows } from '../../ui/states.tsx'
import { useNow } from '../../ui/use-now.ts'
import { agoWords, timeWords } from '../../ui/words.ts'
import { ForeignLinks } from './foreign-links.tsx'
import { IncidentActions } from './incident-actions.tsx'
import { IncidentDeliveries } from './incident-deliveries.tsx'
import { durationOf, incidentTypeWords } from './incident-words.ts'
import { SeverityBadge } from './severity-badge.tsx'
import { severityWords } from './severity-words.ts'
import { StatusBadge } from './status-badge.tsx'
import { Timeline } from './timeline.tsx'
import { useIncident } from './use-incident.ts'

/** One incident beside the list: what it is, what can be done, and all that happened. It takes the focus when it opens. */
export function IncidentPane({ id, known, onClose }: { id: string; known: Incident | undefined; onClose: () => void }) {
  const { loaded, problem, retry, put } = useIncident(id)
  const incident = loaded?.detail ?? known
  return (
    <Pane
      label={incident ? `Incident #${incident.number}` : 'Incident'}
      title={
        incident ? (
          <>
            <span className="text-muted tabular-nums">#{incident.number}</span>{' '}
            <ForeignText>{incident.title}</ForeignText>
          </>
        ) : (
          'Incident'
        )
      }
      close="Close the incident"
      onClose={onClose}
    >
      {incident && <State incident={incident} />}
      {loaded && <IncidentActions incident={loaded.detail} onChanged={put} />}
      {problem && <ErrorState flush title="The incident could not be loaded" problem={problem} onRetry={retry} />}
      {incident && <About incident={incident} />}
      {loaded ? (
        <>
          <Part title="Timeline">
            <Timeline entries={loaded.detail.timeline} events={loaded.events} />
          </Part>
          <Part title="Notices">
            <IncidentDeliveries deliveries={loaded.deliveries} />
          </Part>
        </>
      ) : (
        !problem && <SkeletonRows rows={3} />
      )}
    </Pane>
  )
}

/** How bad it is and how far, and who did what. */
function State({ incident }: { incident: Incident }) {
  const now = useNow(10_000)
  const { severity, highest_severity: highest } = incident
  return (
    <div className="flex flex-none flex-col gap-1">
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 font-medium">
        <SeverityBadge severity={severity} />
        <StatusBadge status={incident.status} />
        {highest !== severity && (
          <span className="font-normal text-muted">was {severityWords[highest].word.toLowerCase()}</span>
        )}
      </p>
      <p className="text-muted">
        <span title={timeWords(incident.opened_at)}>Opened {agoWords(incident.opened_at, now)}</span>
        {incident.status === 'resolved' ? ', lasted ' : ', open for '}
        {durationOf(incident, now)}
        {incident.acknowledged_by !== null && incident.status !== 'open' && (
          <>
            , acknowledged by <ForeignText>{incident.acknowledged_by}</ForeignText>
          </>
        )}
        {incident.resolved_by !== null && (
          <>
            , resolved by <ForeignText>{incident.resolved_by}</ForeignText>
          </>
        )}
      </p>
    </div>
  )
}

function About({ incident }: { incident: Incident }) {
  const labels = Object.entries(incident.labels)
  return (
    <>
      {incident.description !== '' && (
        <Part title="Description">
          <LongText text={incident.description} />
        </Part>
      )}
      {incident.rca !== null && (
        <Part title="Root cause">
          <div className="rounded-panel bg-sunken px-3 py-2">
            <LongText text={incident.rca} />
          </div>
        </Part>
      )}
      {incident.links.length > 0 && (
        <Part title="Links">
          <ForeignLinks links={incident.links} />
        </Part>
      )}
      <Part title="Details">
        <dl className="grid grid-cols-[minmax(80px,auto)_minmax(0,1fr)] gap-x-4 gap-y-1 [&>dt]:text-muted">
          <Fact name="Type">{incidentTypeWords[incident.type]}</Fact>
          {incident.service !== '' && (
            <Fact name="Service">
              <ForeignText>{incident.service}</ForeignText>
            </Fact>
          )}
          {incident.source !== '' && (
            <Fact name="Source">
              <ForeignText>{incident.source}</ForeignText>
            </Fact>
          )}
          <Fact name="Told of">
            {incident.event_count === 1 ? 'once' : `${incident.event_count.toLocaleString('en')} times`}
          </Fact>
          {labels.map(([name, value]) => (
            <Fact key={name} name={<ForeignText className="font-mono text-code">{name}</ForeignText>}>
              <ForeignText className="font-mono text-code wrap-anywhere">{value}</ForeignText>
            </Fact>
          ))}
        </dl>
      </Part>
    </>
  )
}

function Fact({ name, children }: { name: ReactNode; children: ReactNode }) {
  return (
    <>
      <dt className="wrap-anywhere">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex-none">
      <h3 className="mb-1 text-meta font-semibold text-muted">{title}</h3>
      {children}
    </section>
  )
}
