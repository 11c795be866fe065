import { randomBytes } from 'node:crypto'
import { createRequestStateCodec } from '@modelcontextprotocol/server'

/** Signs what a client has to bring back; the key lives as long as the process. */
export const stateCodec = createRequestStateCodec<{ step: number }>({ key: randomBytes(32) })
