// What the page and its worker say to each other. The worker makes objects and knows neither the service nor the network;
// the page sends them and never reads the film.
import type { Notice, Refusal } from './film-upload.ts'

export interface SegmentFacts {
  /** On the film's own clock, of its first frame or sample and of what follows the last. */
  readonly fromSeconds: number
  readonly untilSeconds: number
  /** On the stream's clock. */
  readonly startSeconds: number
  readonly seconds: number
  /** Where its first frame ends, in bytes. */
  readonly firstFrameEnd: number
}

/** One that is stored already, with what is known of it. */
export interface KnownObject {
  /** Below the stream's folder; `thumbnail.jpg` lies elsewhere. */
  readonly path: string
  readonly bytes: number
  readonly segment: SegmentFacts | undefined
  /** Of an init segment of an encoded picture (RFC 6381). */
  readonly codec?: string | undefined
}

export interface MadeObject extends KnownObject {
  readonly data: ArrayBuffer
}

export interface SubtitleFile {
  readonly fileName: string
  readonly text: string
}

export interface PackageOrder {
  readonly file: File
  /** Beside the film. */
  readonly subtitles: readonly SubtitleFile[]
  readonly known: readonly KnownObject[]
}

export type ToWorker = { readonly kind: 'begin'; readonly order: PackageOrder } | { readonly kind: 'taken' }

export type FromWorker =
  /** `streamBytes` is an estimate. */
  | { readonly kind: 'plan'; readonly durationSeconds: number; readonly streamBytes: number }
  | { readonly kind: 'notice'; readonly notice: Notice }
  /** The next object is made when this one is answered by `taken`. */
  | { readonly kind: 'object'; readonly object: MadeObject }
  | { readonly kind: 'progress'; readonly stage: 'packaging' | 'encoding'; readonly done: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'failed'; readonly problem: string }

export const THUMBNAIL = 'thumbnail.jpg'
