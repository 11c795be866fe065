import { Link, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useAgents, useProfiles } from '../../stores/console.tsx'
import { AgentsList } from './agents-list.tsx'
import { ConnectList } from './connect-list.tsx'
import { ProfilesList } from './profiles-list.tsx'

/** The clients of the gateway: who they are, what they see, and the programs on this machine that can become some. */
export function AgentsPage() {
  const { tab } = useSearch({ from: '/agents' })
  const agents = useAgents((state) => Object.keys(state.byId).length)
  const profiles = useProfiles((state) => Object.keys(state.byId).length)
  const nav = (
    <nav aria-label="Parts of the agents" className="flex flex-none gap-5 border-b border-line px-6">
      <Tab label="Agents" count={agents} />
      <Tab tab="profiles" label="Profiles" count={profiles} />
      <Tab tab="connect" label="Connect" />
    </nav>
  )
  if (tab === 'profiles') return <ProfilesList nav={nav} />
  if (tab === 'connect') return <ConnectList nav={nav} />
  return <AgentsList nav={nav} />
}

export type AgentsTab = 'profiles' | 'connect'

function Tab({ tab, label, count }: { tab?: AgentsTab; label: string; count?: number }): ReactNode {
  const { tab: current } = useSearch({ from: '/agents' })
  return (
    <Link
      to="/agents"
      search={tab === undefined ? {} : { tab }}
      replace
      // The three differ in their search only; a link of its own accord compares the path.
      activeOptions={{ exact: true, includeSearch: true, explicitUndefined: true }}
      aria-current={tab === current ? 'page' : undefined}
      className="-mb-px flex h-9 items-center gap-1.5 border-b-2 border-transparent text-muted hover:text-ink aria-[current=page]:border-accent aria-[current=page]:font-medium aria-[current=page]:text-ink"
    >
      {label}
      {count !== undefined && count > 0 && <span className="text-meta tabular-nums">{count.toLocaleString('en')}</span>}
    </Link>
  )
}
