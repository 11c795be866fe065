import { useNavigate } from '@tanstack/react-router'
import { Button } from '../../ui/button.tsx'
import { PageHeader } from '../../ui/page-header.tsx'
import { EmptyState } from '../../ui/states.tsx'

export function NotFound() {
  const navigate = useNavigate()
  return (
    <>
      <PageHeader title="Nothing here" />
      <EmptyState action={<Button onClick={() => void navigate({ to: '/integrations' })}>Go to Integrations</Button>}>
        There is no screen at this address.
      </EmptyState>
    </>
  )
}
