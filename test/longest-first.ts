import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take a minute and more, the longest first. A new machine knows no times of earlier runs. */
const LONG = [
  'test/e2e/window/every-screen.test.ts',
  'test/integration/notifications/kill.test.ts',
  'test/integration/oauth/authorize.test.ts',
  'test/integration/oauth/authorize-kill.test.ts',
  'test/integration/cli/stdio.test.ts',
  'test/conformance/server.test.ts',
  'test/conformance/authorization.test.ts',
  'test/conformance/client.test.ts',
  'test/integration/cli/serve.test.ts',
  'test/matrix/crosstalk.test.ts',
  'test/integration/prometheus/watching.test.ts',
  'test/matrix/matrix.test.ts',
  'test/integration/security/hostile-upstream.test.ts',
  'test/integration/cli/doctor.test.ts',
  'test/integration/cli/clients.test.ts',
  'test/integration/cli/authorize.test.ts',
  'test/integration/upstream/faults.test.ts',
  'test/integration/faults/half-open.test.ts',
  'test/unit/rest/openapi/map-corpus.test.ts',
  'test/unit/rest/openapi/export-document.test.ts',
]

/**
 * No long file is alone at the end, and of those that run beside each other few are of one kind: windows need the machine
 * where a command line waits. Files without isolation stay beside each other, since a worker serves one project; they are
 * the short ones, and come last.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const projects = new Set(sorted.map(({ project }) => project))
    const place = new Map<TestSpecification, number>()
    for (const project of projects) {
      const own = sorted.filter((file) => file.project === project)
      for (const [index, file] of own.entries()) place.set(file, project.config.isolate ? index / own.length : 1)
    }
    const rank = (file: TestSpecification): number => {
      const long = LONG.indexOf(relative(this.ctx.config.root, file.moduleId))
      return long === -1 ? LONG.length + (place.get(file) ?? 0) : long
    }
    const order = (file: TestSpecification): number => file.project.config.sequence.groupOrder
    return sorted.toSorted((a, b) => order(a) - order(b) || rank(a) - rank(b))
  }
}
