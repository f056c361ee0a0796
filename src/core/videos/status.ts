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

const WAY = ['queued', 'processing', 'completed'] as const

export type VideoGoal = (typeof WAY)[number]

/** The steps from a status to one further on the way of a film that goes well; none when it is there or beyond. */
export function stepsTo(from: VideoStatus, to: VideoGoal): VideoStatus[] {
  const steps: VideoStatus[] = []
  let at = from
  for (const status of WAY) {
    if (at === to || !isStatusStep(at, status)) continue
    steps.push(status)
    at = status
  }
  return steps
}
