import { createStore } from 'zustand/vanilla'
import type { Settings } from '../../shared/contract/settings.ts'
import type { Status } from '../../shared/contract/system.ts'
import type { VaultState } from '../../shared/contract/vault.ts'
import type { Problem } from './problem.ts'

/** `connecting` until the first load, `reconnecting` after a loss, `signed_out` when only a fresh link helps. */
export type LinkState = 'connecting' | 'online' | 'reconnecting' | 'signed_out'

export interface SystemState {
  link: LinkState
  /** Why it is not online. */
  problem: Problem | null
  status: Status | null
  vault: VaultState | null
  /** Null until a screen asked for them. */
  settings: Settings | null
  /** Grows with each wish not to wait for the next attempt. */
  retries: number
  retry: () => void
  setLink: (link: LinkState, problem?: Problem) => void
  setStatus: (status: Status) => void
  setVault: (vault: VaultState) => void
  setSettings: (settings: Settings) => void
  /** The status belongs to a workspace: without one, nothing of it has loaded. */
  forgetStatus: () => void
}

/** The gateway itself: how we reach it, where it listens, its vault, and its settings. */
export function createSystemStore() {
  return createStore<SystemState>()((set) => ({
    link: 'connecting',
    problem: null,
    retries: 0,
    status: null,
    vault: null,
    settings: null,
    retry: () => set(({ retries }) => ({ retries: retries + 1 })),
    setLink: (link, problem) => set({ link, problem: problem ?? null }),
    setStatus: (status) => set({ status, vault: status.vault }),
    setVault: (vault) => set({ vault }),
    setSettings: (settings) => set({ settings }),
    forgetStatus: () => set({ status: null, link: 'connecting', problem: null }),
  }))
}
