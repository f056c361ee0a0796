// Who may watch a video: everybody who knows its id, or nobody. Pure.

export const PLAYBACK_MODES = ['public', 'off'] as const

export type PlaybackMode = (typeof PLAYBACK_MODES)[number]
