// A video's way through processing, step by step. Pure.

export const VIDEO_STATUSES = ['uploaded', 'queued', 'processing', 'completed', 'failed'] as const

export type VideoStatus = (typeof VIDEO_STATUSES)[number]

const STEPS: Readonly<Record<VideoStatus, readonly VideoStatus[]>> = {
  uploaded: ['queued'],
  queued: ['processing'],
  processing: ['completed', 'failed'],
  completed: ['queued'],
  failed: ['queued'],
}

/** Whether that is one step. Staying is not a step, but not an error either: a repeated request must not fail. */
export function isStatusStep(from: VideoStatus, to: VideoStatus): boolean {
  return STEPS[from].includes(to)
}

/** From where a video may come to this status: its own included, so that a repeated request changes nothing. */
export function statusesBefore(to: VideoStatus): VideoStatus[] {
  return VIDEO_STATUSES.filter((from) => from === to || isStatusStep(from, to))
}

/** The way from a status to `completed`, by allowed steps only. */
export function stepsToCompleted(from: VideoStatus): VideoStatus[] {
  const steps: VideoStatus[] = []
  const way = ['queued', 'processing', 'completed'] as const
  let at = from
  for (const status of way) {
    if (at === 'completed' || !isStatusStep(at, status)) continue
    steps.push(status)
    at = status
  }
  return steps
}
