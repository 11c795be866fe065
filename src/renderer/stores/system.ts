import { createStore } from 'zustand/vanilla'
import type { Status } from '../../shared/contract/system.ts'
import type { VaultState } from '../../shared/contract/vault.ts'
import type { Workspace } from '../../shared/contract/workspaces.ts'
import type { Problem } from './problem.ts'

/** `connecting` until the first load, `reconnecting` after a loss, `signed_out` when only a fresh link helps. */
export type LinkState = 'connecting' | 'online' | 'reconnecting' | 'signed_out'

export interface SystemState {
  link: LinkState
  /** Why it is not online. */
  problem: Problem | null
  status: Status | null
  vault: VaultState | null
  workspace: Workspace | null
  setLink: (link: LinkState, problem?: Problem) => void
  setStatus: (status: Status) => void
  setVault: (vault: VaultState) => void
  setWorkspace: (workspace: Workspace) => void
}

/** The gateway itself: how we reach it, where it listens, its vault, and the plan of this workspace. */
export function createSystemStore() {
  return createStore<SystemState>()((set) => ({
    link: 'connecting',
    problem: null,
    status: null,
    vault: null,
    workspace: null,
    setLink: (link, problem) => set({ link, problem: problem ?? null }),
    setStatus: (status) => set({ status, vault: status.vault }),
    setVault: (vault) => set({ vault }),
    setWorkspace: (workspace) => set({ workspace }),
  }))
}
