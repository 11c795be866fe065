import { useChannels, useConsole, useDeliveries, useIntegrations, useSystem } from '../../stores/console.tsx'
import { useLoad } from '../../stores/use-load.ts'
import { channelKinds, kinds } from './channel-words.ts'

/** In a storm the core tells of deliveries four times a second. */
const SETTLE_MS = 300

/**
 * Asks how the channels are whenever a delivery or an integration that they send by has changed: no event tells of what
 * waits for a channel, nor of one whose integration was set up or disabled. Only that much is taken of the answer. What it
 * says of the settings may be older than a change that was made meanwhile.
 */
export function useChannelHealth(): void {
  const { client, stores } = useConsole()
  const online = useSystem((state) => state.link === 'online')
  const loaded = useChannels((state) => state.loaded)
  const deliveries = useDeliveries((state) => state.revision)
  const integrations = useIntegrations(({ byName }) =>
    kinds
      .flatMap((kind) => channelKinds[kind].integration ?? [])
      .map((name) => `${byName[name]?.status} ${byName[name]?.connection.state}`)
      .join(),
  )
  useLoad({
    version: `${deliveries} ${integrations}`,
    wanted: online && loaded,
    pauseMs: () => SETTLE_MS,
    load: (signal) => client.channels.list(undefined, { signal }),
    keep: ({ items }) => {
      const { byId, put } = stores.channels.getState()
      for (const { id, health } of items) {
        const known = byId[id]
        if (known) put({ ...known, health })
      }
    },
  })
}
