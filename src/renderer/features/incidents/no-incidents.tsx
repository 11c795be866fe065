import { Link } from '@tanstack/react-router'
import { Activity, Bot, type LucideIcon, Webhook } from 'lucide-react'
import type { ReactNode } from 'react'

/** Where incidents come from, for those who see none yet. */
export function NoIncidents() {
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-6 py-10" tabIndex={0} aria-label="No incidents">
      <div className="mx-auto flex max-w-140 flex-col gap-5">
        <p className="text-strong">No incidents. They come from what you already run:</p>
        <ul className="flex flex-col border-t border-line">
          <Way icon={Bot} title="Agents">
            Every agent of the gateway has the tool <Code>gatehouse__report_incident</Code>, and{' '}
            <Code>gatehouse__report_rca</Code> for what caused it. <To to="/agents">Connect an agent</To>
          </Way>
          <Way icon={Webhook} title="Alertmanager and other programs">
            A hook token lets an Alertmanager, or anything that can POST JSON, tell of alerts; a resolved alert resolves
            its incident. <To to="/notifications/sources">Make a hook token</To>
          </Way>
          <Way icon={Activity} title="Prometheus">
            Gatehouse asks your Prometheus itself for alerts that fire, and notices when it or one of its clusters goes
            away.{' '}
            <Link
              to="/integrations/$slug/overview"
              params={{ slug: 'prometheus' }}
              className="text-accent underline underline-offset-2"
            >
              Set up Prometheus
            </Link>
          </Way>
        </ul>
      </div>
    </div>
  )
}

function Way({ icon: Icon, title, children }: { icon: LucideIcon; title: string; children: ReactNode }) {
  return (
    <li className="flex gap-3 border-b border-line py-3">
      <Icon size={16} strokeWidth={1.75} aria-hidden className="mt-0.5 flex-none text-accent" />
      <div className="min-w-0">
        <p className="text-strong font-medium">{title}</p>
        <p className="text-muted">{children}</p>
      </div>
    </li>
  )
}

function Code({ children }: { children: string }) {
  return <code className="font-mono text-code wrap-anywhere">{children}</code>
}

function To({ to, children }: { to: '/agents' | '/notifications/sources'; children: string }) {
  return (
    <Link to={to} className="text-accent underline underline-offset-2">
      {children}
    </Link>
  )
}
