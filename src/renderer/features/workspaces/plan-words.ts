import type { Workspace } from '../../../shared/contract/workspaces.ts'

export type PlanName = Workspace['plan']

/** What a plan is called. */
export const planWords: Record<PlanName, string> = { free: 'Free', pro: 'Pro', enterprise: 'Enterprise' }
