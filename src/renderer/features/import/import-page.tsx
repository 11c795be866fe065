import { useNavigate, useSearch } from '@tanstack/react-router'
import { FileText, Laptop } from 'lucide-react'
import { BackLink } from '../../ui/back-link.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { PlanNotice } from '../workspaces/plan-notice.tsx'
import { ApplyDocument } from './apply-document.tsx'
import { FoundServers } from './found-servers.tsx'

/** Brings in what stands elsewhere: in the configurations of known clients, or in a document. */
export function ImportPage() {
  const { from } = useSearch({ from: '/integrations/import' })
  const navigate = useNavigate()
  return (
    <>
      <PageHeader title="Import config" back={<BackLink to="/integrations" label="Integrations" />}>
        <Segmented
          label="Import from"
          hideLabel
          value={from ?? 'clients'}
          onChange={(next) =>
            void navigate({
              to: '/integrations/import',
              search: next === 'document' ? { from: 'document' } : {},
              replace: true,
            })
          }
          options={[
            { value: 'clients', label: 'Clients on this machine', icon: Laptop },
            { value: 'document', label: 'File or text', icon: FileText },
          ]}
        />
      </PageHeader>
      <PlanNotice />
      {from === 'document' ? <ApplyDocument /> : <FoundServers />}
    </>
  )
}
