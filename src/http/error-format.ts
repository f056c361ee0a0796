// Faults as each product writes them. Total: every code has a body in every error format.
import { FAULTS, type Fault } from '../core/fault.ts'

/** Turns a fault into the JSON body of one error format. */
export type ErrorWriter = (fault: Fault) => Readonly<Record<string, unknown>>

/** LynxVizion: one string. */
export const lynxvizion: ErrorWriter = (fault) => ({ detail: fault.detail })

/** Clipzy: an envelope. Its 401 never says which credential was wrong with what. */
export const clipzy: ErrorWriter = (fault) => {
  const { title, name } = FAULTS[fault.code]
  const detail = fault.code === 'unauthorized' ? 'Missing or invalid authentication credentials.' : fault.detail
  return { success: false, message: title, error: { detail, code: name } }
}
