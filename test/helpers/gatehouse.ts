// What bin/gatehouse.mjs does once it runs on a fitting Node, straight from the sources.
import { main } from '../../src/main/headless.ts'

process.exitCode = await main(process.argv.slice(2))
