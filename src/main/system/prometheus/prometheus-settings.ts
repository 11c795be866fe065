import { z } from 'zod'
import { Severity } from '../../../shared/contract/incidents.ts'
import type { SystemAccess } from '../system-adapter.ts'

/** How an alert's severity label is read where nothing else is set, beside our own words. */
const USUAL_SEVERITIES: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  page: 'critical',
  error: 'high',
  high: 'high',
  warning: 'medium',
  medium: 'medium',
  low: 'low',
  info: 'info',
  none: 'info',
}

/** A name of a label (Prometheus' data model): it becomes part of queries. */
const LabelName = z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/)

/** The fields of resources/registry/prometheus.yaml that are not about the connection. */
const Values = z.object({
  scrape_interval: z.number().min(5).max(3600).catch(30),
  cluster_label: LabelName.catch('cluster'),
  alerts_to_incidents: z.boolean().catch(true),
  severity_label: LabelName.catch('severity'),
  severities: z.record(z.string(), z.string()).catch({}),
  retention_days: z.int().min(1).max(3650).catch(15),
})

export interface PrometheusSettings {
  intervalMs: number
  clusterLabel: string
  alertsToIncidents: boolean
  severityLabel: string
  retentionDays: number
  /** Of an alert's severity label, which may be missing. */
  severityOf: (value: string | undefined) => Severity
}

/** What was given at the setup. It was checked there; what is missing is as the registry entry has it. */
export function settingsOf({ values }: Pick<SystemAccess, 'values'>): PrometheusSettings {
  const read = Values.parse(values)
  const own = Object.entries(read.severities).flatMap(([value, severity]): [string, Severity][] => {
    const parsed = Severity.safeParse(severity.toLowerCase())
    return parsed.success ? [[value.toLowerCase(), parsed.data]] : []
  })
  const severities = new Map([...Object.entries(USUAL_SEVERITIES), ...own])
  return {
    intervalMs: read.scrape_interval * 1_000,
    clusterLabel: read.cluster_label,
    alertsToIncidents: read.alerts_to_incidents,
    severityLabel: read.severity_label,
    retentionDays: read.retention_days,
    severityOf: (value = '') => severities.get(value.toLowerCase()) ?? 'medium',
  }
}

/** Values of the severity label that lead to no severity of ours. */
export function unknownSeverities({ values }: Pick<SystemAccess, 'values'>): string[] {
  return Object.entries(Values.parse(values).severities)
    .filter(([, severity]) => !Severity.safeParse(severity.toLowerCase()).success)
    .map(([value]) => value)
}
