import type { UpstreamPoolOptions } from '../../src/main/upstream/pool.ts'

/** For pools of MCP servers only. */
export const noRest: UpstreamPoolOptions['createRest'] = () => {
  throw new Error('There is no REST API here.')
}
