import { agents } from './agents.ts'
import { integrations } from './integrations.ts'
import { consoleSession, system } from './system.ts'
import { tools } from './tools.ts'
import { vault } from './vault.ts'
import { workspaces } from './workspaces.ts'

/** Every operation of Gatehouse, once. The window's port, the HTTP API, its OpenAPI document and the CLI come from this. */
export const contract = { system, integrations, tools, agents, vault, workspaces, console: consoleSession }
