/** Everything an agent can make the gateway hold, and how long. Generous: they stop accidents and attacks, not work. */
export interface GatewayLimits {
  /** Requests of one agent at the same time; more get 429. */
  callsPerAgent: number
  /** Legacy sessions of one agent; one more ends the one that was quiet longest. */
  sessionsPerAgent: number
  sessionIdleMs: number
  /** Notification streams of one agent. */
  streamsPerAgent: number
  keepAliveMs: number
  /** List changes within this time reach an agent as one notification. */
  coalesceMs: number
  maxBodyBytes: number
  /** Messages in one JSON-RPC batch. */
  batchSize: number
}

export const defaultGatewayLimits: GatewayLimits = {
  callsPerAgent: 1_024,
  sessionsPerAgent: 1_000,
  sessionIdleMs: 30 * 60_000,
  streamsPerAgent: 256,
  keepAliveMs: 15_000,
  coalesceMs: 100,
  maxBodyBytes: 10 * 1024 * 1024,
  batchSize: 100,
}
