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
  /** Of answers that one agent has not read; one more breaks its connection. */
  unreadBytes: number
  /** Messages in one JSON-RPC batch. */
  batchSize: number
  /** How long a legacy agent may take to answer a server. */
  agentAnswerMs: number
  /** Calls of one modern agent that wait for more input from it. */
  heldCallsPerAgent: number
  /** How long each of them waits. */
  heldCallMs: number
}

export const defaultGatewayLimits: GatewayLimits = {
  callsPerAgent: 1_024,
  sessionsPerAgent: 1_000,
  sessionIdleMs: 30 * 60_000,
  streamsPerAgent: 256,
  keepAliveMs: 15_000,
  coalesceMs: 100,
  maxBodyBytes: 10 * 1024 * 1024,
  unreadBytes: 256 * 1024 * 1024,
  batchSize: 100,
  agentAnswerMs: 10 * 60_000,
  heldCallsPerAgent: 64,
  heldCallMs: 5 * 60_000,
}
