import type { ServedIntegration } from '../../integrations/served-integration.ts'
import { nothingHeld } from '../../pins/tool-pins.ts'
import type { Offer } from '../../upstream/offer.ts'
import type { IncidentsService } from '../service.ts'
import { ReportCalls } from './report-calls.ts'
import { READS, ReportRate } from './report-rate.ts'
import { reportOffer, ReportUpstream } from './report-upstream.ts'

interface ReportToolsOptions {
  incidents: Pick<IncidentsService, 'tell' | 'act' | 'get' | 'list' | 'find'>
  agentName: (id: string) => string | undefined
}

/** `gatehouse__report_incident` and the others, as one more integration of every workspace. */
export class ReportTools {
  readonly #options: ReportToolsOptions
  readonly #calls: ReportCalls
  readonly #offer: Offer = reportOffer()
  readonly #byWorkspace = new Map<string, ServedIntegration>()

  constructor(options: ReportToolsOptions) {
    this.#options = options
    const rates = { reports: new ReportRate(), reads: new ReportRate(undefined, READS) }
    this.#calls = new ReportCalls({ incidents: options.incidents, rates })
  }

  /** The same object at each call: what is known of its upstream in sessions stays. */
  of(workspace: string): ServedIntegration {
    let served = this.#byWorkspace.get(workspace)
    if (served === undefined) this.#byWorkspace.set(workspace, (served = this.#make(workspace)))
    return served
  }

  erase(workspace: string): void {
    this.#byWorkspace.delete(workspace)
  }

  #make(workspace: string): ServedIntegration {
    const { agentName } = this.#options
    const upstream = new ReportUpstream(this.#offer, { workspace, calls: this.#calls, agentName })
    return {
      slug: upstream.slug,
      displayName: 'Gatehouse',
      description: 'Reports incidents and what caused them.',
      enabledTools: [],
      disabledTools: [],
      review: nothingHeld,
      upstream,
    }
  }
}
