import { Toast as Base } from '@base-ui/react/toast'
import { useNavigate } from '@tanstack/react-router'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { problemOf } from '../stores/problem.ts'
import { useLayers } from './layers.tsx'

const LIMIT = 3

/** Toasts are for what happened in the background; what a screen can show in its place is shown there. */
export function Toasts({ children }: { children: ReactNode }) {
  return (
    <Base.Provider limit={LIMIT}>
      {children}
      <ToastList />
    </Base.Provider>
  )
}

function ToastList() {
  const { toasts } = Base.useToastManager()
  const container = useLayers()
  return (
    <Base.Portal container={container}>
      <Base.Viewport data-toasts className="fixed right-4 bottom-4 z-20 flex w-90 flex-col gap-2 outline-none">
        {toasts.map((toast) => (
          <Base.Root key={toast.id} toast={toast} className="floating rounded-panel p-3 pr-10 data-limited:hidden">
            <Base.Content>
              <Base.Title className="font-medium" render={<p />} />
              <Base.Description className="break-words text-muted" />
              <Base.Action className="mt-2 h-6 rounded-control border border-line bg-surface px-2 text-meta hover:bg-sunken" />
              <Base.Close
                aria-label="Close"
                className="absolute top-1.5 right-1.5 inline-flex size-7 items-center justify-center rounded-control text-muted hover:bg-sunken"
              >
                <X size={16} strokeWidth={1.75} aria-hidden />
              </Base.Close>
            </Base.Content>
          </Base.Root>
        ))}
      </Base.Viewport>
    </Base.Portal>
  )
}

/** Adds and closes toasts. */
export function useToasts(): Pick<ReturnType<typeof Base.useToastManager>, 'add' | 'close'> {
  return Base.useToastManager()
}

/** Says what failed and why, where the place that asked is gone or too small to say it. */
export function useFailureToast(): (title: string, cause: unknown) => void {
  const manager = Base.useToastManager()
  const navigate = useNavigate()
  return (title, cause) => {
    const { code, message } = problemOf(cause)
    manager.add({
      title,
      description: message,
      priority: 'high',
      timeout: 10_000,
      ...(code === 'plan_required'
        ? { actionProps: { children: 'See plan', onClick: () => void navigate({ to: '/settings/plan' }) } }
        : {}),
    })
  }
}
