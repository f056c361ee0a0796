// Who may watch a video: everyone who knows its id, who has a playback token, or no one. Pure.

export const PLAYBACK_MODES = ['public', 'private', 'off'] as const

export type PlaybackMode = (typeof PLAYBACK_MODES)[number]
