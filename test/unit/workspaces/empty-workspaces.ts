import type { WorkspaceContents } from '../../../src/main/workspaces/service.ts'

/** For tests that delete no workspace. */
export const emptyWorkspaces: WorkspaceContents = {
  count: () => ({ integrations: 0, agents: 0 }),
  erase: () => Promise.resolve(),
}
