// Thrown where this browser makes no stream of a film.
import type { Refusal } from '../film-upload.ts'

export class Refused extends Error {
  readonly refusal: Refusal

  constructor(refusal: Refusal) {
    super(refusal)
    this.refusal = refusal
  }
}
