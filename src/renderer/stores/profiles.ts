import { createStore } from 'zustand/vanilla'
import type { Profile } from '../../shared/contract/profiles.ts'

export interface ProfilesState {
  byId: Readonly<Record<string, Profile>>
  replaceAll: (items: readonly Profile[]) => void
  put: (profile: Profile) => void
  remove: (id: string) => void
}

/** Every profile by id: what agents see of the workspace. */
export function createProfilesStore() {
  return createStore<ProfilesState>()((set) => ({
    byId: {},
    replaceAll: (items) => set({ byId: Object.fromEntries(items.map((item) => [item.id, item])) }),
    put: (profile) => set(({ byId }) => ({ byId: { ...byId, [profile.id]: profile } })),
    remove: (id) =>
      set(({ byId }) => {
        if (!(id in byId)) return {}
        const { [id]: _gone, ...rest } = byId
        return { byId: rest }
      }),
  }))
}
