import { ensureBuilt } from '../scripts/build.mjs'

/** Tests of the command line and of the console run the program as it ships: what is older than its sources is built anew. */
export async function setup() {
  await ensureBuilt()
}
