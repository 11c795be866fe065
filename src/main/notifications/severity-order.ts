export * from '../base/severity-order.ts'
