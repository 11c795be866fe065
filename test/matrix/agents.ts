import type { Agent, Connecting, Revision } from './agent.ts'
import { connectLegacy } from './sdk1-agent.ts'
import { connectModern } from './sdk2-agent.ts'

export async function connect(revision: Revision, to: Connecting): Promise<Agent> {
  return revision === '2026-07-28' ? await connectModern(to) : await connectLegacy(revision, to)
}
