import { defaultGatewayLimits } from './gateway/limits.ts'
import type { AgentLimits } from './http/mcp-door.ts'
import type { SettingsService } from './settings/service.ts'
import { defaultUpstreamLimits, type UpstreamLimits } from './upstream/limits.ts'

const MIB = 1024 * 1024

interface LiveLimits {
  agents: AgentLimits
  upstream: UpstreamLimits
}

/**
 * Limits as the settings say at each moment. A process reads the one of messages when it is started, everything else
 * reads them each time.
 */
export function liveLimits(settings: Pick<SettingsService, 'values'>): LiveLimits {
  return {
    agents: {
      ...defaultGatewayLimits,
      get callsPerAgent() {
        return settings.values.agent_concurrency
      },
      get maxBodyBytes() {
        return settings.values.max_message_mib * MIB
      },
    },
    upstream: {
      ...defaultUpstreamLimits,
      get maxMessageBytes() {
        return settings.values.max_message_mib * MIB
      },
    },
  }
}
