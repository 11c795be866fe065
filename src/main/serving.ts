// All that `serve` starts with, for a file of its own (serving.vite.config.ts): the command is in it from the beginning.
import './cli/commands/serve.ts'

export { main } from './headless.ts'
