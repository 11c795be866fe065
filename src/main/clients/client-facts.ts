import type { ClientId } from '../../shared/contract/clients.ts'
import type { ServerFields } from './config-document.ts'
import type { PlaceholderStyle } from './placeholders.ts'
import type { Place } from './place.ts'

/** A program to start that bridges to the gateway, for clients that start programs only. */
export interface BridgeCommand {
  command: string
  args: string[]
}

/** What there is to know of a client: everything else is the same for all of them. */
export interface ClientFacts {
  id: ClientId
  name: string
  format: 'json' | 'toml'
  /** The name under which its configuration keeps servers. */
  serversKey: string
  configPath(place: Place): string
  /** Files or folders of which one is there where the client is installed. */
  traces(place: Place): string[]
  /** How the gateway is written down. `http` where the client can send a token; else it starts the bridge. */
  gateway:
    | { kind: 'http'; fields: (url: string, authorization: string) => ServerFields }
    | { kind: 'bridge'; fields: (bridge: BridgeCommand) => ServerFields }
  /** What a URL means that nothing else is said of. */
  untypedUrl: 'sse' | 'http'
  placeholders: PlaceholderStyle
}
