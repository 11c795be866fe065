export type { RestSecrets } from '../upstream/upstream.ts'
